/** @file What a network of the library is shown, made ready: a file, pixels, or a tensor. */
import { handedPicture } from "../../image/transparency.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Picture } from "../../image/picture.ts";
import type { Model } from "../../network/model.ts";
import { aloneWith, requirePicture } from "../first-input.ts";
import type { InputFile } from "../input-file.ts";
import type { Platform } from "../platform.ts";
import { readPreprocessing, type Preparation } from "../preparation.ts";
import { readSource } from "../read-source.ts";
import { pictureSource, type Source } from "../source.ts";
import { tensorSource } from "../tensor-source.ts";

/** A picture or an .npy file, by its path or in hand; pixels; or a tensor in the axes of the model's file and the network's own range. */
export type ReadInput = string | InputFile | Picture | Tensor;

/** What is shown, and what it is called. */
export interface NamedSource {
  readonly source: Source;
  readonly name: string;
}

/** The input made ready for the network. Throws as `readSource`, and `shape-mismatch` for a tensor of another shape. */
export async function sourceOf(
  platform: Platform,
  model: Model,
  input: ReadInput,
  preparation: Preparation,
): Promise<NamedSource> {
  const named = await made(platform, model, input, preparation);
  model.requirePictures(named.source.input);
  return named;
}

async function made(
  platform: Platform,
  model: Model,
  input: ReadInput,
  preparation: Preparation,
): Promise<NamedSource> {
  if (typeof input === "string" || "readBytes" in input) {
    const name = typeof input === "string" ? input : input.name;
    return { name, source: await readSource(platform, model, input, preparation) };
  }
  const { preprocess: preprocessing } = preparation;
  const first = await aloneWith(platform, model, preparation);
  if ("dims" in input) {
    const name = "tensor";
    const origin = { name, order: "of the file", preprocessing } as const;
    return { name, source: first.whole(await tensorSource(platform, first.model, input, origin)) };
  }
  const name = "picture";
  requirePicture(first.part, name);
  const { note, ...picture } = handedPicture(input, name);
  const named = { name, picture };
  const how = await readPreprocessing(platform, first.model, preprocessing, named);
  const source = pictureSource(first.model, picture, how);
  return { name, source: first.whole({ ...source, ...(note ? { numbers: note } : {}) }) };
}
