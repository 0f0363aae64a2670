/** @file Gradients of one picture changed in many ways, in batches that fit the memory. */
import type { StopSignal } from "../../errors.ts";
import { elementCount, tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { inputGradients } from "./pixel-gradients.ts";
import { batchSize } from "../perturbation/scored-rows.ts";

/** One picture changed in `count` ways. */
export interface GradientSamples {
  /** The picture's own, [C, H, W] without a batch axis. */
  readonly dims: readonly number[];
  readonly count: number;
  /** The class that is explained; the same for all, whatever the changed pictures look like. */
  readonly target: number;
  /** The largest number of changes that any later call will ask for, so that all share one session. */
  readonly most?: number;
  /** Writes the whole of change number `index` into `into`. */
  write(index: number, into: Float32Array): void;
  /** Takes the gradient [C, H, W] at change number `index`, and the score there. */
  take(index: number, gradient: Float32Array, score: number): void;
  readonly signal: StopSignal | undefined;
}

/**
 * A gradient keeps what the forward pass computed, so that large batches leave the processor's caches: GoogLeNet's
 * gradients take 1.6 times as long in sixteens as in fours.
 */
const budgetBytes = 160 * 1024 ** 2;

/** Shows every change's gradient of the target's score to `take`, in the order of the changes. */
export async function sampledGradients(model: Model, request: GradientSamples): Promise<void> {
  const { dims, count, target, signal } = request;
  const batch = await batchSize(model, { dims, count: request.most ?? count }, budgetBytes);
  const size = elementCount(dims);
  const options = { targets: [target], ...(signal ? { signal } : {}) };
  for (let first = 0; first < count; first += batch) {
    const filled = Math.min(batch, count - first);
    const data = new Float32Array(batch * size);
    for (let i = 0; i < batch; i++) {
      request.write(first + Math.min(i, filled - 1), data.subarray(i * size, (i + 1) * size));
    }
    const rows = await inputGradients(model, tensor("float32", [batch, ...dims], data), options);
    for (let i = 0; i < filled; i++) {
      request.take(first + i, rows[i]!.gradients[0]!, rows[i]!.score);
    }
  }
}
