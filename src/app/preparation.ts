/** @file How files become inputs: as the user says, as the model says, else as the usual preparations fit the first picture. */
import { isFailure } from "../errors.ts";
import type { PixelRange } from "../image/file-numbers.ts";
import type { Picture } from "../image/picture.ts";
import { preprocessingOf } from "../image/preprocess.ts";
import { scoreRows } from "../attribution/perturbation/scored-rows.ts";
import { choosePreprocessing, type ChosenPreprocessing } from "../network/choose-preprocessing.ts";
import type { Ask, Comparison } from "../network/compare-preprocessings.ts";
import type { HeadKind } from "../network/head-kind.ts";
import type { Model } from "../network/model.ts";
import { parsePreprocessing } from "../network/preprocessing.ts";
import { say, type Message } from "../wording/face.ts";
import type { AskedInputs } from "./given-inputs.ts";
import type { Platform } from "./platform.ts";

/** How far the usual preparations are tried where nothing says which is right. */
interface Trial {
  /** False chooses without asking what the network answers in each, which decides nothing; true by default. */
  readonly isAnswered?: boolean | undefined;
}

/** How files become inputs. */
export interface Preparation extends AskedInputs, Trial {
  /** A name or a file; without it what the model says. */
  readonly preprocess?: string | undefined;
  /** The numbers of pictures' files that are black and white; without it those of their format. */
  readonly range?: PixelRange | undefined;
}

/** A preparation of pictures, and what was compared to choose it. */
export interface ChosenPreparation extends Omit<ChosenPreprocessing, "chosenBy"> {
  readonly chosenBy: ChosenPreprocessing["chosenBy"] | "pictures";
  readonly comparison?: Comparison;
  /** What came of the comparison. */
  readonly compared?: Message;
}

/** A picture and what messages call it. */
export interface NamedPicture {
  readonly name: string;
  readonly picture: Picture;
}

/** The first picture that a model is shown decides for all others. */
const chosen = new WeakMap<Model, Promise<ChosenPreparation>>();

/**
 * Has pictures of a model that says nothing prepared by the preprocessing of a name from now on; without a name as the next
 * picture decides. Throws as `preprocessingOf`.
 */
export function decidePreprocessing(model: Model, name: string | undefined): void {
  if (name === undefined) chosen.delete(model);
  else chosen.set(model, choosePreprocessing(model, preprocessingOf(name)));
}

/**
 * The preprocessing of a name or a .json file; without either, what the model says; and where it says nothing, what the
 * usual ones make of the first picture that there is. Throws as `choosePreprocessing`.
 */
export async function readPreprocessing(
  platform: Pick<Platform, "readText">,
  model: Model,
  asked: string | undefined,
  picture?: NamedPicture,
  trial: Trial = {},
): Promise<ChosenPreparation> {
  if (asked !== undefined) {
    const how = asked.toLowerCase().endsWith(".json")
      ? parsePreprocessing(await platform.readText(asked), asked)
      : preprocessingOf(asked);
    return choosePreprocessing(model, how);
  }
  const told = await choosePreprocessing(model, undefined);
  if (told.chosenBy !== "default") return told;
  const known = chosen.get(model) ?? (picture && comparedOn(model, told, picture, trial));
  if (known) chosen.set(model, known);
  return known ?? told;
}

/** As `readPreprocessing`, by the first of some pictures that can be read. */
export async function preprocessingFor(
  platform: Pick<Platform, "readText" | "readPicture">,
  model: Model,
  { preprocess, range }: Preparation,
  paths: readonly string[],
): Promise<ChosenPreparation> {
  const told = await readPreprocessing(platform, model, preprocess);
  if (told.chosenBy !== "default") return told;
  for (const name of paths) {
    try {
      const picture = await platform.readPicture(name, range);
      return await readPreprocessing(platform, model, preprocess, { name, picture });
    } catch (error) {
      // What is broken is told of where it is explained.
      if (!isFailure(error)) throw error;
    }
  }
  return told;
}

/** What the network answers in each of the usual preparations of a picture, where nothing says which is right. */
export async function preparationsCompared(
  model: Model,
  picture: NamedPicture,
): Promise<Message | undefined> {
  const told = await choosePreprocessing(model, undefined);
  if (told.chosenBy !== "default") return undefined;
  return (await comparedOn(model, told, picture)).compared;
}

/** What the usual preparations make of a picture, for a network that says nothing. */
export async function comparedOn(
  model: Model,
  told: ChosenPreprocessing,
  { name, picture }: NamedPicture,
  { isAnswered = true }: Trial = {},
): Promise<ChosenPreparation> {
  const ask = isAnswered ? topClass : undefined;
  const { comparePreprocessings } = await import("../network/compare-preprocessings.ts");
  const { comparisonNote } = await import("./comparison-note.ts");
  let comparison: Comparison;
  try {
    comparison = await comparePreprocessings(model, picture, told.how, ask);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { ...told, compared: say`the usual preparations could not be compared: ${error.said}` };
  }
  const compared = comparisonNote(comparison, name);
  const { chosen: how } = comparison;
  if (how.name === told.how.name) return { ...told, comparison, compared };
  const { assumption } = await import("../network/found-preprocessing.ts");
  const note = assumption(how, told.reasons);
  return { ...told, how, note, chosenBy: "pictures", comparison, compared };
}

const ofClasses: ReadonlySet<HeadKind> = new Set(["classes", "labels", "yes-no"]);

/** The top class of networks whose outputs are classes. */
const topClass: Ask = async (model, input) => {
  if (!ofClasses.has(model.head.kind)) return {};
  const [row] = await scoreRows(model, input, { targets: "top" });
  const { target, probability } = row!;
  return probability === null ? { target } : { target, probability };
};
