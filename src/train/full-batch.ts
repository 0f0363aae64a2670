/** @file Batches of one size, so that one graph serves an epoch to its end. */
import { LimpidError, internalError } from "../errors.ts";
import { elementCount, formatShape, tensor, type Tensor } from "../graph/tensor.ts";
import type { LabelForm } from "../image/dataset.ts";
import type { Batch } from "./data/batch-source.ts";

/** A batch of a fixed number of rows, N. */
export interface FullBatch {
  /** [N, C, H, W] in the network's own range. */
  readonly pictures: Tensor;
  /** Class of each row, or its labels. */
  readonly labels: Int32Array;
  /** Of the labels of one row; none of a class. */
  readonly labelDims: readonly number[];
  /** 1 for an example, 0 for a row that fills the batch up. */
  readonly shares: Float32Array;
  /** Number of examples. */
  readonly examples: number;
}

/**
 * The batch with its own rows repeated in turn until there are `rows`. Repeated rows count for neither
 * loss nor gradient; the mean and variance that batch normalisation takes over a batch see them, and so
 * are those of pictures of this batch alone. Throws `shape-mismatch` for pictures that the network does
 * not take, `bad-option` for a label that is no class and a batch that is too large.
 */
export function fullBatch(
  batch: Batch,
  rows: number,
  inputDims: readonly number[],
  classes: number,
  labelForm?: LabelForm,
): FullBatch {
  const { pictures, labels } = batch;
  const labelDims = labelForm?.dims ?? [];
  const examples = labels.length / elementCount(labelDims);
  checkPictures(pictures, examples, inputDims);
  if (labelForm?.kind !== "boxes") checkLabels(labels, classes);
  if (examples > rows) {
    throw new LimpidError(
      "bad-option",
      `train: a batch must have at most ${rows} examples, got ${examples}. set the batch size of the data.`,
    );
  }
  if (examples === 0) throw internalError("fullBatch", "a batch without examples");
  const shares = new Float32Array(rows).fill(1, 0, examples);
  if (examples === rows) return { pictures, labels, labelDims, shares, examples };
  const data = pictures.data as Float32Array;
  return {
    pictures: tensor("float32", [rows, ...inputDims], repeated(data, rows / examples)),
    labels: repeated(labels, rows / examples),
    labelDims,
    shares,
    examples,
  };
}

function repeated<T extends Float32Array | Int32Array>(values: T, times: number): T {
  const length = Math.round(values.length * times);
  const result = values instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  for (let offset = 0; offset < length; offset += values.length) {
    result.set(values.subarray(0, Math.min(values.length, length - offset)), offset);
  }
  return result as T;
}

function checkPictures(pictures: Tensor, examples: number, inputDims: readonly number[]): void {
  const wanted = formatShape([examples, ...inputDims]);
  const got = formatShape(pictures.dims);
  if (pictures.type === "float32" && got === wanted) return;
  throw new LimpidError(
    "shape-mismatch",
    `train: pictures of a batch must be float32 ${wanted}, got ${pictures.type} ${got}. set the network's input to the data's.`,
  );
}

function checkLabels(labels: Int32Array, classes: number): void {
  const stranger = labels.find((label) => !(label >= 0 && label < classes));
  if (stranger === undefined) return;
  throw new LimpidError(
    "bad-option",
    `train: labels must be classes 0 to ${classes - 1}, got ${stranger}. set the network's number of classes to the data's.`,
  );
}
