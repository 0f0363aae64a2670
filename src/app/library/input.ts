/** @file What a network of the library is shown: a path, pixels, or a tensor. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Picture } from "../../image/picture.ts";
import type { Model } from "../../network/model.ts";
import type { Platform } from "../platform.ts";
import { readPreprocessing, type Preparation } from "../preparation.ts";
import { pictureSource, readSource, tensorSource, type Source } from "../source.ts";

/** The path of a picture or an .npy file; pixels; or a tensor [N, C, H, W] in the network's own range. */
export type NetInput = string | Picture | Tensor;

/** Whether it is an input as it is, and nothing that a platform must take in first. */
export function isNetInput(input: string | object): input is NetInput {
  return typeof input === "string" || "widthPx" in input || "dims" in input;
}

/** What is shown, and what it is called. */
export interface NamedSource {
  readonly source: Source;
  readonly name: string;
}

/** The input made ready for the network. Throws as `readSource`, and `shape-mismatch` for a tensor of another shape. */
export async function sourceOf(
  platform: Platform,
  model: Model,
  input: NetInput,
  preparation: Preparation,
): Promise<NamedSource> {
  const named = await made(platform, model, input, preparation);
  model.requirePictures(named.source.input);
  return named;
}

async function made(
  platform: Platform,
  model: Model,
  input: NetInput,
  preparation: Preparation,
): Promise<NamedSource> {
  const { preprocess: preprocessing } = preparation;
  if (typeof input === "string") {
    return { name: input, source: await readSource(platform, model, input, preparation) };
  }
  if ("dims" in input) {
    const name = "tensor";
    return { name, source: await tensorSource(platform, model, input, { name, preprocessing }) };
  }
  const name = "picture";
  const how = await readPreprocessing(platform, model, preprocessing, { name, picture: input });
  return { name, source: pictureSource(model, input, how) };
}
