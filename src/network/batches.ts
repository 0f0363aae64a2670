/** @file Pictures in batches of a size that a network takes and memory holds. */
import { tensor, type Tensor } from "../graph/tensor.ts";
import type { Model } from "./model.ts";

/** Some of the pictures. */
export interface Batch {
  /** [batch, C, H, W]; the last picture is repeated where there are fewer. */
  readonly pictures: Tensor;
  /** Indices of the pictures, without repetitions. */
  readonly rows: readonly number[];
}

/** Pictures [N, C, H, W] of float32 in batches of one size. */
export function batchesOf(pictures: Tensor, size: number): readonly Batch[] {
  const [count, ...dims] = pictures.dims as [number, ...number[]];
  const length = pictures.data.length / count;
  return Array.from({ length: Math.ceil(count / size) }, (_, batch) => {
    const data = new Float32Array(size * length);
    for (let i = 0; i < size; i++) {
      const from = Math.min(batch * size + i, count - 1) * length;
      data.set((pictures.data as Float32Array).subarray(from, from + length), i * length);
    }
    const rows = Array.from({ length: size }, (_, i) => batch * size + i);
    return {
      pictures: tensor("float32", [size, ...dims], data),
      rows: rows.filter((row) => row < count),
    };
  });
}

/** More pictures at once gain no time on a processor and cost memory. */
export const largestBatch = 16;

/** The shape [N, C, H, W] of each run for pictures of that shape. */
export function runDims(model: Model, dims: readonly number[]): readonly number[] {
  return model.batchDims([Math.min(dims[0]!, largestBatch), ...dims.slice(1)]);
}
