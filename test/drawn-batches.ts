/** @file A batch source of drawn pictures whose class can be learned: noise with one class's pattern in it. */
import { tensor } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";
import type { Batch, BatchSource } from "../src/train/data/batch-source.ts";

export interface DrawnBatchesOptions {
  readonly seed: string;
  readonly examples: number;
  readonly batchSize: number;
  /** [2, 6, 6] by default. */
  readonly dims?: readonly [number, number, number];
  /** 3 by default. */
  readonly classes?: number;
}

/** Batches in an order drawn for each epoch, the last one smaller where the numbers do not divide. */
export function drawnBatches(options: DrawnBatchesOptions): BatchSource {
  const { seed, examples, batchSize, dims = [2, 6, 6], classes = 3 } = options;
  const length = dims.reduce((product, dim) => product * dim, 1);
  const patterns = Array.from({ length: classes }, (_, label) => {
    const stream = randomStream("pattern", label);
    return Float32Array.from({ length }, () => stream.normal());
  });
  const batchOf = (indices: readonly number[]): Batch => {
    const data = new Float32Array(indices.length * length);
    for (const [row, index] of indices.entries()) {
      const stream = randomStream(seed, "picture", index);
      for (let i = 0; i < length; i++) {
        data[row * length + i] = stream.normal() + 0.7 * patterns[index % classes]![i]!;
      }
    }
    return {
      pictures: tensor("float32", [indices.length, ...dims], data),
      labels: Int32Array.from(indices, (index) => index % classes),
      indices: Int32Array.from(indices),
    };
  };
  const batchesPerEpoch = Math.ceil(examples / batchSize);
  return {
    batchesPerEpoch,
    skipped: [],
    async *batches(epoch, first = 0) {
      const keys = Array.from({ length: examples }, (_, index) =>
        randomStream(seed, "order", epoch, index).uniform(),
      );
      const order = keys.map((_, index) => index).sort((a, b) => keys[a]! - keys[b]!);
      for (let i = first; i < batchesPerEpoch; i++) {
        await Promise.resolve();
        yield batchOf(order.slice(i * batchSize, (i + 1) * batchSize));
      }
    },
  };
}
