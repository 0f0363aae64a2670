/** @file Reads what is explained: a picture, or an array as it is. */
import type { Model } from "../network/model.ts";
import { isOfNumbers, readNumbers } from "./array-source.ts";
import { aloneWith, requirePicture } from "./first-input.ts";
import { inputFile, type InputFile } from "./input-file.ts";
import type { Platform } from "./platform.ts";
import { readPreprocessing, type Preparation } from "./preparation.ts";
import { pictureSource, type Source } from "./source.ts";
import { tensorSource } from "./tensor-source.ts";

type Reader = Pick<Platform, "readBytes" | "readText" | "readPicture">;

/**
 * Reads a picture or a file of numbers as the network's first input with places, with what is given of its other inputs.
 * Throws `bad-file`, or `shape-mismatch` if the input takes no pictures.
 */
export async function readSource(
  platform: Reader,
  model: Model,
  asked: string | InputFile,
  preparation: Preparation,
): Promise<Source> {
  const { preprocess: preprocessing, range, isAnswered } = preparation;
  const first = await aloneWith(platform, model, preparation);
  const file = inputFile(platform, asked);
  const { name } = file;
  if (!isOfNumbers(name, first.model)) {
    const { note, ...picture } = await file.readPicture(range);
    requirePicture(first.part, name);
    const named = { name, picture };
    const how = await readPreprocessing(platform, first.model, preprocessing, named, {
      isAnswered,
    });
    const shown = pictureSource(first.model, picture, how);
    return first.whole({ ...shown, ...(note ? { numbers: note } : {}) });
  }
  const read = await readNumbers(platform, first.model, file, preprocessing);
  const { value, order, isPrepared, ...facts } = read;
  const origin = { name, order, preprocessing: isPrepared ? undefined : preprocessing };
  return first.whole({ ...(await tensorSource(platform, first.model, value, origin)), ...facts });
}
