/** @file How a network's pictures would be prepared: who says it, or what the usual ways make of photos. */
import { isFailure, LimpidError } from "../errors.ts";
import type { PixelRange } from "../image/file-numbers.ts";
import { choosePreprocessing } from "../network/choose-preprocessing.ts";
import { listedBefore, wordsOfInput } from "../network/found-preprocessing.ts";
import type { Model } from "../network/model.ts";
import { wordsOf, type FaceWords } from "../wording/face.ts";
import type { JobContext } from "./context.ts";
import type { InspectedPreparation } from "./inspection.ts";
import { photoPaths, spread } from "./picture-folder.ts";
import { comparedOn, readPreprocessing, type ChosenPreparation } from "./preparation.ts";
import { preprocessingRecord } from "./preprocessing-record.ts";

/** Photos that are tried where nothing says how pictures are prepared. */
export interface InspectedPhotos {
  /** Pictures or folders of them. */
  readonly photos?: readonly string[];
  readonly range?: PixelRange | undefined;
}

/** What is said of a network that is inspected. */
export interface InspectRequest extends InspectedPhotos {
  /** How pictures are prepared, a name or a file; without it what the model says. */
  readonly preprocess?: string | undefined;
  /** Names of classes, a file or `imagenet`; without it what the model says. */
  readonly labels?: string | undefined;
}

/** Each is a run of the network for every preparation, and the first decides. */
const mostPhotos = 12;

/** What came of trying on a photo. */
interface Tried {
  readonly told: NonNullable<InspectedPreparation["photos"]>[number];
  readonly chosen: ChosenPreparation;
}

/**
 * The preparation, null for a network that takes no pictures. Photos that cannot be read are told of and left out. Throws
 * `bad-file` if that is all of them, and as `choosePreprocessing`.
 */
export async function inspectedPreparation(
  model: Model,
  { photos = [], range, preprocess }: InspectRequest,
  context: JobContext,
): Promise<InspectedPreparation | null> {
  const channels = model.inputDims()[1];
  if (channels !== 1 && channels !== 3) return null;
  const told = await readPreprocessing(context.platform, model, preprocess);
  const isTold = told.chosenBy !== "default";
  const found = isTold ? [] : await photoPaths(context.platform, photos);
  const paths = spread(found, mostPhotos);
  if (paths.length < found.length) {
    context.onNote?.(`of ${found.length} photos ${paths.length} are tried, evenly spread`);
  }
  const tried = paths.length > 0 ? await triedOn(model, paths, range, context) : [];
  const [first] = tried;
  const chosen = first?.chosen ?? told;
  return {
    ...preprocessingRecord(chosen),
    numbers: wordsOfInput(chosen.how, channels),
    said: first?.told.said ?? saidOf(told, context.words),
    ...(first ? { photos: tried.map((one) => one.told) } : {}),
  };
}

async function triedOn(
  model: Model,
  paths: readonly string[],
  range: PixelRange | undefined,
  { platform, words, onNote, onFailure }: JobContext,
): Promise<readonly Tried[]> {
  platform.protect(paths);
  const tried: Tried[] = [];
  for (const path of paths) {
    try {
      const { note, ...picture } = await platform.readPicture(path, range);
      if (note && tried.length === 0) onNote?.(note);
      const named = { name: path, picture };
      const told = await choosePreprocessing(model, undefined);
      const isFirst = tried.length === 0;
      const chosen = isFirst
        ? await readPreprocessing(platform, model, undefined, named)
        : await comparedOn(model, told, named);
      const { how, comparison } = chosen;
      const isUndecided = chosen.chosenBy === "default" && comparison?.verdict !== "fits";
      const assumed = isUndecided ? `; ${how.name} is assumed` : "";
      const said = `${wordsOf(chosen.compared ?? "", words)}${assumed}`;
      const verdict = comparison?.verdict ?? null;
      tried.push({ told: { photo: path, name: how.name, verdict, said }, chosen });
    } catch (error) {
      if (!isFailure(error) || paths.length === 1) throw error;
      onFailure?.(error.said);
    }
  }
  if (tried.length > 0) return tried;
  throw new LimpidError(
    "bad-file",
    `inspect: at least one photo must be usable, got ${paths.length} that are not, for the reasons above.`,
  );
}

/** Who says it; that it is assumed, why, and how to find out. */
function saidOf(
  { how, chosenBy, note, reasons = [] }: ChosenPreparation,
  words: FaceWords,
): string {
  if (chosenBy === "default") {
    return `${listedBefore(reasons)}nothing says it, so ${how.name} is assumed, as most networks take it; inspect it with a photo of yours to try which fits`;
  }
  if (note) return wordsOf(note, words);
  return chosenBy === "request" ? "it was asked for" : "the model's own metadata says it";
}
