/** @file Data sets: pictures with a class each, asked for by number. */

/** What the labels of an example say beyond one class for all of it. */
export interface LabelForm {
  /**
   * `places`: the class of every place, of dims [H, W]. `boxes`: objects, of dims [most objects, 5], each its
   * class (-1 where there is no further object), left, top, right and bottom in pixels, the last two just beyond it.
   */
  readonly kind: "places" | "boxes";
  readonly dims: readonly number[];
}

/** A labelled picture. */
export interface Example {
  /** [C, H, W] in 0..1, RGB or grey, of the data set's dims. */
  readonly picture: Float32Array;
  /** Index of the class; 0 where `labels` say more. */
  readonly label: number;
  /** Of the data set's `labelForm`, row-major. */
  readonly labels?: Int32Array;
}

/** A data set. */
export interface Dataset {
  readonly classes: readonly string[];
  /** [C, H, W] of every picture. */
  readonly dims: readonly [number, number, number];
  readonly length: number;
  /** Where examples have labels of places or of objects. */
  readonly labelForm?: LabelForm;
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
