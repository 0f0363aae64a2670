/** @file The state that an address holds: network, layer, unit, method, class, picture; never the picture itself. */
import type {
  MethodSettings,
  ModelInHand,
  OpenedModel,
  PictureInHand,
  SeenPicture,
} from "../protocol.ts";
import { regionIn } from "../shown-region.ts";

/** What is looked at. */
export interface View {
  /** Name of a network that comes with the page, or the digest of one in hand. */
  readonly model: string;
  /** Of a network in hand: what its owner calls it, for people. */
  readonly modelName: string | undefined;
  readonly layer: string | undefined;
  readonly channel: number | undefined;
  /** Undefined is what networks of its kind are usually explained by. */
  readonly method: string | undefined;
  /** Of the method, as "name=value&name=value"; undefined where all is as usual. */
  readonly settings: string | undefined;
  /** As the command takes it. */
  readonly target: string;
  /** The part of the picture in which that is explained, as `shown-region.ts` writes it; undefined where all of it is, or what is found. */
  readonly region: string | undefined;
  /** "drawn:N", the digest of a file, or the name of a picture that is none. */
  readonly picture: string;
  /** Of a file: what its owner calls it, for people. */
  readonly pictureName: string | undefined;
  /** How pictures are prepared, where the network does not say it and the visitor does. */
  readonly preprocess: string | undefined;
}

export const firstView: View = {
  model: "pets",
  modelName: undefined,
  layer: undefined,
  channel: undefined,
  method: undefined,
  settings: undefined,
  target: "top",
  region: undefined,
  picture: "drawn:1",
  pictureName: undefined,
  preprocess: undefined,
};

/** What is chosen of a network before anything is. */
export const ofAnyNetwork = {
  layer: undefined,
  channel: undefined,
  target: "top",
  region: undefined,
  preprocess: undefined,
} as const;

/** The settings of a text of an address. */
export function settingsIn(text: string | undefined): MethodSettings {
  return Object.fromEntries(new URLSearchParams(text ?? ""));
}

/** Undefined for none. */
export function settingsText(settings: MethodSettings): string | undefined {
  return new URLSearchParams(settings).toString() || undefined;
}

/** What an address says by saying nothing. */
export type UnsaidView = Partial<View>;

/** The part of an address behind its #, where it need not say what is shown `unsaid`. */
export function addressOf(view: View, unsaid: UnsaidView = firstView): string {
  const entries = Object.entries(view).flatMap(([key, value]): readonly [string, string][] =>
    value === undefined || value === unsaid[key as keyof View] ? [] : [[key, String(value)]],
  );
  return new URLSearchParams(entries.map(([key, value]) => [key, value])).toString();
}

/** Whether an address says which network, or which picture. */
export function isSaid(hash: string, part: "model" | "picture"): boolean {
  return new URLSearchParams(hash.replace(/^#/, "")).has(part);
}

/** The view of an address; what it leaves out, or says wrongly, is as at first. */
export function viewOf(hash: string): View {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const region = said.get("region") ?? undefined;
  return {
    model: said.get("model") ?? firstView.model,
    modelName: said.get("modelName") ?? undefined,
    layer: said.get("layer") ?? undefined,
    channel: channelIn(said.get("channel") ?? ""),
    method: said.get("method") ?? undefined,
    settings: said.get("settings") ?? undefined,
    target: said.get("target") ?? firstView.target,
    region: regionIn(region) ? region : undefined,
    picture: said.get("picture") ?? firstView.picture,
    pictureName: said.get("pictureName") ?? undefined,
    preprocess: said.get("preprocess") ?? undefined,
  };
}

/** Undefined for texts that are no number of a channel. */
export function channelIn(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The number of a drawn picture; undefined for others. */
export function drawnIn(picture: string): number | undefined {
  const [, number] = /^drawn:(\d{1,9})$/.exec(picture) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** Whether it is the digest of a file or a network. */
export function isDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** A network in the address. */
export function addressedModel(
  hand: ModelInHand,
  { name, digest }: Pick<OpenedModel, "name" | "digest">,
): Pick<View, "model" | "modelName"> {
  return hand.kind === "shipped"
    ? { model: hand.name, modelName: undefined }
    : { model: digest, modelName: name };
}

/** A picture in the address. */
export function addressed(
  hand: PictureInHand,
  { name, digest }: Pick<SeenPicture, "name" | "digest">,
): Pick<View, "picture" | "pictureName"> {
  if (hand.kind === "drawn") return { picture: `drawn:${hand.number}`, pictureName: undefined };
  return digest === undefined
    ? { picture: name, pictureName: undefined }
    : { picture: digest, pictureName: name };
}
