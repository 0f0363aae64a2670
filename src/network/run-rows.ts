/** @file Pictures through a graph, batch by batch, and what each of them gave: the one batch runner. */
import { internalError, type StopSignal } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { elementCount, formatShape, tensor, toFloat32, type Tensor } from "../graph/tensor.ts";
import type { Tensors } from "../runtime/runtime.ts";
import { batchesOf } from "./batches.ts";
import type { Model } from "./model.ts";

/** What a run gave of one picture. */
export interface RowResult {
  /** Index of the picture. */
  readonly row: number;
  /** The numbers of an output, without the batch axis; they share no memory with other pictures'. */
  of(output: string): Float32Array;
  /** The shape of an output, without the batch axis. */
  dims(output: string): readonly number[];
}

export interface RowsRequest {
  /** The graph, traced for batches of that many pictures. */
  readonly graph: Graph;
  readonly batch: number;
  /** [N, C, H, W]. */
  readonly pictures: Tensor;
  /** What the graph is fed instead of pictures that are one batch, by its name. */
  readonly instead?: Tensors | undefined;
  /** What else is fed to a batch, given the pictures' indices; the last one stands in for those that are missing. */
  feeds?(rows: readonly number[]): Tensors;
  readonly signal?: StopSignal;
}

/** Runs all pictures; `take` makes of each one's results what is wanted. Throws `aborted` between batches. */
export async function runRows<T>(
  model: Model,
  { graph, batch, pictures, instead, feeds, signal }: RowsRequest,
  take: (result: RowResult) => T,
): Promise<T[]> {
  const taken: T[] = [];
  for (const { pictures: fed, rows } of batchesOf(pictures, batch)) {
    const padded = Array.from({ length: batch }, (_, i) => rows[i] ?? rows[0]!);
    const all = { ...(instead ?? { [model.input.name]: fed }), ...feeds?.(padded) };
    const results = await model.runtime.run(graph, all, signal ? { signal } : {});
    for (const [i, row] of rows.entries()) taken.push(take(rowResult(results, row, i)));
  }
  return taken;
}

function rowResult(results: Tensors, row: number, at: number): RowResult {
  return {
    row,
    of: (output) => rowData(results[output]!, at),
    dims: (output) => results[output]!.dims.slice(1),
  };
}

/** The numbers of a row of a value [N, ...]: of a single row the value's own, of several a copy, which outlives them. */
export function rowData(value: Tensor, row: number): Float32Array {
  const size = value.data.length / value.dims[0]!;
  if (!Number.isInteger(size)) {
    throw internalError("runRows", `${formatShape(value.dims)} has no batch axis`);
  }
  if (value.data instanceof Float32Array) {
    return size === value.data.length ? value.data : value.data.slice(row * size, (row + 1) * size);
  }
  const part = { ...value, data: value.data.slice(row * size, (row + 1) * size) };
  return toFloat32(part);
}

/** Rows of numbers as one tensor of shape `dims` [N, ...]; rows that are missing are 0. */
export function stackRows(rows: readonly Float32Array[], dims: readonly number[]): Tensor {
  const data = new Float32Array(elementCount(dims));
  const size = data.length / dims[0]!;
  for (const [i, row] of rows.entries()) data.set(row, i * size);
  return tensor("float32", dims, data);
}

/** One row [1, ...] or [...] as many: [count, ...inner]. */
export function repeatRow(row: Float32Array, count: number, inner: readonly number[]): Tensor {
  return stackRows(Array<Float32Array>(count).fill(row), [count, ...inner]);
}
