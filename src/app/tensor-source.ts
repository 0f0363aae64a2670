/** @file What is explained where it is no picture: a tensor as it is. */
import type { Tensor } from "../graph/tensor.ts";
import { rangesOf } from "../network/choose-preprocessing.ts";
import type { Model } from "../network/model.ts";
import { floatValue } from "./float-values.ts";
import { partValue, type ArrayOrder } from "./part-values.ts";
import type { Platform } from "./platform.ts";
import { readPreprocessing } from "./preparation.ts";
import type { Source } from "./source.ts";

/** What a tensor is called in messages, whose order its axes have, and what its numbers were prepared as, if it is known. */
export interface TensorOrigin {
  readonly name: string;
  readonly order: ArrayOrder;
  readonly preprocessing: string | undefined;
}

/** A tensor as it is, in floats, with the axes of the model's file turned to channels first. Throws as `floatValue` and `partValue`. */
export async function tensorSource(
  platform: Pick<Platform, "readText">,
  model: Model,
  value: Tensor,
  { name, order, preprocessing }: TensorOrigin,
): Promise<Source> {
  const [part] = model.parts;
  const floats = floatValue(value, part!, name);
  const { value: input, note } = partValue(part!, floats.value, order);
  const { how, chosenBy } = await readPreprocessing(platform, model, preprocessing);
  const expected = chosenBy === "default" ? undefined : rangesOf(how, input.dims[1]);
  return {
    input,
    seen: undefined,
    how: undefined,
    ...(expected ? { expected } : {}),
    ...(note ? { note } : {}),
    ...(floats.note ? { numbers: floats.note } : {}),
  };
}
