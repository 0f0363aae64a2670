/** @file What the layers of a network make of one picture. */
import { tensor, type Tensor } from "../graph/tensor.ts";
import { plane, type Plane } from "../image/picture.ts";
import type { Model } from "../network/model.ts";
import { repeatRow } from "../network/run-rows.ts";
import { layerSizes } from "./picture-summary.ts";

/** The values [C, H, W] or [C] of layers for an input [1, C, H, W], by the layers' names. */
export async function layerValues(
  model: Model,
  layers: readonly string[],
  input: Tensor,
): Promise<ReadonlyMap<string, Tensor>> {
  const rows = model.fixedBatch ?? 1;
  const [, ...inner] = input.dims;
  const fed = repeatRow(input.data as Float32Array, rows, inner);
  const part = await model.part(layers, fed.dims);
  const session = await model.runtime.open(part, { optimization: "none" });
  try {
    const results = await session.run({ [model.input.name]: fed });
    return new Map(layers.map((layer) => [layer, firstRow(results[layer]!)]));
  } finally {
    await session.release();
  }
}

function firstRow({ data, dims }: Tensor): Tensor {
  const [rows, ...inner] = dims as [number, ...number[]];
  return tensor("float32", inner, (data as Float32Array).subarray(0, data.length / rows));
}

/** The channels of values [C, H, W] or [C], which are not copied. */
export function channelPlanes({ data, dims }: Tensor): readonly Plane[] {
  const { channels, height, width } = layerSizes("values", [1, ...dims]);
  const places = height * width;
  return Array.from({ length: channels }, (_, c) =>
    plane(width, height, (data as Float32Array).subarray(c * places, (c + 1) * places)),
  );
}
