/** @file What training knows of a data set: pictures with a class each, asked for by number. */
import type { StopSignal } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";

/** A labelled picture. */
export interface Example {
  /** [C, H, W] in 0..1, RGB or grey, of the data set's dims. */
  readonly picture: Float32Array;
  /** Index of the class. */
  readonly label: number;
}

/** A data set. */
export interface Dataset {
  readonly classes: readonly string[];
  /** [C, H, W] of every picture. */
  readonly dims: readonly [number, number, number];
  readonly length: number;
  /** Class of an example without decoding it. */
  label(index: number): number;
  /** What messages call an example: a file's path, or a number. */
  title(index: number): string;
  /** The example of a number in 0 .. length - 1. Throws `bad-file` where it cannot be read. */
  read(index: number): Promise<Example>;
}

/** A data set in two parts that share no example. */
export interface DataSplit {
  readonly training: Dataset;
  /** What a network is judged on. */
  readonly heldOut: Dataset;
}

/** Examples that go through a step together. */
export interface Batch {
  /** [N, C, H, W] in the network's own range. */
  readonly pictures: Tensor;
  /** Class of each picture. */
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
