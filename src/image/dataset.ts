/** @file Data sets: pictures with a class each, asked for by number. */

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
