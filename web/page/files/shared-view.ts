/** @file What an address shows that somebody shared: what of it is to be dropped, and how to go there once it is. */
import { shownText } from "../../../src/wording/shown-text.ts";
import type { OpenedModel, SeenPicture } from "../../protocol.ts";
import { drawnIn, isDigest, type View } from "../address.ts";
import { shippedModels } from "./shipped-models.ts";

/** So many digits tell one file from another for people. */
const shownDigits = 8;

/** A longer name of somebody else's is cut. */
const longestName = 80;

/** What is in hand. */
interface InHand {
  readonly view: View;
  readonly model: Pick<OpenedModel, "name" | "digest"> | undefined;
  readonly picture: Pick<SeenPicture, "name" | "digest"> | undefined;
}

/** What of a shared view is not there; each as it is called with its first digits. */
export interface Absent {
  readonly model: string | undefined;
  readonly picture: string | undefined;
  /** A picture that was no file, such as a camera's, which nobody can drop. */
  readonly lost: string | undefined;
  /** What is in hand in its place. */
  readonly otherModel: string | undefined;
  readonly otherPicture: string | undefined;
}

/** The view where it is of files that must be dropped first, or of what cannot be had. */
export function sharedIn(view: View): View | undefined {
  const isHere = isShipped(view.model) && isDrawn(view.picture);
  return isHere ? undefined : view;
}

/** What can be shown at once of an address: of a network that is not here, nothing but the method. */
export function shownAtFirst(view: View, first: View): View {
  const [picture, region] = isDrawn(view.picture)
    ? [view.picture, view.region]
    : [first.picture, undefined];
  return isShipped(view.model)
    ? { ...view, picture, region, pictureName: undefined }
    : { ...first, method: view.method, settings: view.settings, picture };
}

/** What is looked at where the network of a shared view is open. */
export function ofSharedModel(shared: View | undefined, { view, model }: InHand): Partial<View> {
  if (!shared || !isSameModel(shared, view, model)) return {};
  const { layer, channel, method, settings, preprocess } = shared;
  return { layer, channel, method, settings, preprocess };
}

/** Undefined where all of it is there; what the page has itself is not told. */
export function absentOf(shared: View, { view, model, picture }: InHand): Absent | undefined {
  const hasModel = isSameModel(shared, view, model);
  const hasPicture = isSamePicture(shared, view, picture);
  if (hasModel && hasPicture) return undefined;
  const isFile = isDigest(shared.picture);
  const isOtherModel = !hasModel && model !== undefined && !isShipped(view.model);
  const isOtherPicture = !hasPicture && isFile && picture?.digest !== undefined;
  return {
    model: hasModel || isShipped(shared.model) ? undefined : called(shared.modelName, shared.model),
    picture: hasPicture || !isFile ? undefined : called(shared.pictureName, shared.picture),
    lost:
      hasPicture || isFile || isDrawn(shared.picture)
        ? undefined
        : called(undefined, shared.picture),
    otherModel: isOtherModel ? called(model.name, model.digest) : undefined,
    otherPicture: isOtherPicture ? called(picture.name, picture.digest) : undefined,
  };
}

function isSameModel(shared: View, view: View, model: InHand["model"]): boolean {
  return isShipped(shared.model) ? view.model === shared.model : model?.digest === shared.model;
}

/** Drawn ones are the page's own. */
function isSamePicture(shared: View, view: View, picture: InHand["picture"]): boolean {
  return isDigest(shared.picture)
    ? picture?.digest === shared.picture
    : view.picture === shared.picture;
}

export function isShipped(model: string): boolean {
  return shippedModels.some((name) => name === model);
}

function isDrawn(picture: string): boolean {
  return drawnIn(picture) !== undefined;
}

/** The start of what somebody else wrote, in letters that only show themselves. */
export function shownStart(text: string): string {
  const shown = shownText(text);
  const letters = Array.from(shown);
  return letters.length > longestName ? `${letters.slice(0, longestName).join("")}…` : shown;
}

/** As “name” (12ab34cd); whatever an address says, in letters that only show themselves. */
function called(name: string | undefined, text: string): string {
  const digits = isDigest(text) ? text.slice(0, shownDigits) : undefined;
  const cut = shownStart(name ?? (digits === undefined ? text : ""));
  return [...(cut === "" ? [] : [`“${cut}”`]), ...(digits ? [`(${digits})`] : [])].join(" ");
}
