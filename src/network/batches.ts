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

/** Pictures [N, C, H, W] of float32 in batches of one size, which share their memory where they fill one. */
export function batchesOf(pictures: Tensor, size: number): readonly Batch[] {
  const [count, ...dims] = pictures.dims as [number, ...number[]];
  return Array.from({ length: Math.ceil(count / size) }, (_, batch) => {
    const rows = Array.from({ length: size }, (_, i) => batch * size + i);
    return {
      pictures: tensor("float32", [size, ...dims], dataOf(pictures, rows)),
      rows: rows.filter((row) => row < count),
    };
  });
}

/** The numbers of rows that stand behind each other; the last picture stands for those beyond it. */
function dataOf({ data, dims: [count] }: Tensor, rows: readonly number[]): Float32Array {
  const all = data as Float32Array;
  const [length, last] = [all.length / count!, count! - 1];
  const [first, end] = [rows[0]!, rows.at(-1)!];
  if (end <= last) return all.subarray(first * length, (end + 1) * length);
  const filled = new Float32Array(rows.length * length);
  for (const [i, row] of rows.entries()) {
    const from = Math.min(row, last) * length;
    filled.set(all.subarray(from, from + length), i * length);
  }
  return filled;
}

/** More pictures at once gain no time on a processor and cost memory. */
export const largestBatch = 16;

/** The shape [N, C, H, W] of each run for pictures of that shape. */
export function runDims(model: Model, dims: readonly number[]): readonly number[] {
  return model.batchDims([Math.min(dims[0]!, largestBatch), ...dims.slice(1)]);
}
