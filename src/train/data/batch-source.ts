/** @file Batches of a data set, as training asks for them. */
import type { StopSignal } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";

/** Examples that go through a step together. */
export interface Batch {
  /** [N, C, H, W] in the network's own range. */
  readonly pictures: Tensor;
  /** Class of each picture, or the labels of each, of the data set's `labelForm`, one after the other. */
  readonly labels: Int32Array;
  /** Numbers of the examples within the data set. */
  readonly indices: Int32Array;
}

/** An example that could not be read, and why. */
export interface SkippedExample {
  readonly title: string;
  readonly message: string;
}

/** Gives the batches of one epoch; asking for the next one while a step runs keeps the step from waiting. */
export interface BatchSource {
  readonly batchesPerEpoch: number;
  /** The batches of an epoch from the `first`; the same epoch and seed give the same batches. */
  batches(epoch: number, first?: number, signal?: StopSignal): AsyncIterable<Batch>;
  /** Examples that were left out so far, each once. */
  readonly skipped: readonly SkippedExample[];
}
