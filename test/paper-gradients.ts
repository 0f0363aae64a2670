/** @file Loss and gradients of the small trainable network in float64, forward and backward, one formula after the other. */
import { toNumbers } from "../src/graph/tensor.ts";
import type { Batch } from "../src/train/data/batch-source.ts";
import { smallChannels, smallEpsilon, smallKept } from "./small-trainable.ts";

export type Values = Record<string, number[]>;

const [channels, size, classes] = [2, 6, 3];
const side = size - 2;
const places = side * side;
const k = smallChannels;
const hidden = k * places;

/** Sums of a rule over whole-number ranges. */
function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

/** The filter and the place of a number of all feature maps. */
const channelOf = (at: number) => Math.floor(at / places) % k;
const placeOf = (at: number) => [Math.floor((at % places) / side), at % side] as const;

/** Where the numbers of a filter stand among those of all feature maps of `n` pictures. */
function inChannel(m: number, n: number): number[] {
  return Array.from(
    { length: n * places },
    (_, at) => Math.floor(at / places) * hidden + m * places + (at % places),
  );
}

/** What kernel number `w` of a filter sees of picture `row` where its feature map is `[i, j]`. */
function seenBy(x: readonly number[], row: number, w: number, [i, j]: readonly [number, number]) {
  const [c, y, z] = [Math.floor(w / 9), i + Math.floor((w % 9) / 3), j + (w % 3)];
  return x[((row * channels + c) * size + y) * size + z]!;
}

/** The convolution's feature maps, [row][filter][place]. */
function convolved(values: Values, x: readonly number[], n: number): number[] {
  const kernel = values["conv/kernel"]!;
  return Array.from({ length: n * hidden }, (_, at) => {
    const [row, m] = [Math.floor(at / hidden), channelOf(at)];
    const weighted = (w: number) => kernel[m * channels * 9 + w]! * seenBy(x, row, w, placeOf(at));
    return (values["conv/bias"]?.[m] ?? 0) + sum(channels * 9, weighted);
  });
}

/** Feature maps normalised by their batch, and what they were normalised by. */
interface Normalized {
  readonly normal: readonly number[];
  readonly means: readonly number[];
  readonly variances: readonly number[];
  /** By filter. */
  readonly deviations: readonly number[];
}

/** Ioffe and Szegedy 2015, algorithm 1, before scale and offset. */
function normalized(conv: readonly number[], n: number): Normalized {
  const meanOf = (m: number, term: (at: number) => number) =>
    inChannel(m, n).reduce((total, at) => total + term(at), 0) / (n * places);
  const filters = Array.from({ length: k }, (_, m) => m);
  const means = filters.map((m) => meanOf(m, (at) => conv[at]!));
  const variances = filters.map((m) => meanOf(m, (at) => (conv[at]! - means[m]!) ** 2));
  const deviations = variances.map((variance) => Math.sqrt(variance + smallEpsilon));
  const normal = conv.map(
    (value, at) => (value - means[channelOf(at)]!) / deviations[channelOf(at)]!,
  );
  return { normal, means, variances, deviations };
}

/** Mean cross-entropy with smooth labels, and its gradient to the logits, [row][class]. */
function lossOf(values: Values, h: readonly number[], labels: Int32Array, smoothing: number) {
  const [dense, bias] = [values["dense/kernel"]!, values["dense/bias"]!];
  const slopes: number[][] = [];
  let loss = 0;
  for (const [row, label] of labels.entries()) {
    const logits = bias.map(
      (start, c) => start + sum(hidden, (i) => h[row * hidden + i]! * dense[i * classes + c]!),
    );
    const total = logits.reduce((s, value) => s + Math.exp(value), 0);
    const target = logits.map((_, c) => smoothing / classes + (c === label ? 1 - smoothing : 0));
    const shares = logits.map((value) => Math.exp(value) / total);
    loss -= sum(classes, (c) => target[c]! * Math.log(shares[c]!)) / labels.length;
    slopes.push(shares.map((share, c) => (share - target[c]!) / labels.length));
  }
  return { loss, slopes };
}

/** Ioffe and Szegedy 2015, section 3, brought to one formula: the gradient before normalisation. */
function throughNormalization(
  slope: readonly number[],
  { normal, deviations }: Normalized,
  scale: readonly number[],
  n: number,
): number[] {
  const count = n * places;
  return slope.map((dy, at) => {
    const m = channelOf(at);
    const all = inChannel(m, n);
    const meanDy = all.reduce((s, i) => s + slope[i]!, 0) / count;
    const meanDyX = all.reduce((s, i) => s + slope[i]! * normal[i]!, 0) / count;
    return (scale[m]! / deviations[m]!) * (dy - meanDy - normal[at]! * meanDyX);
  });
}

/** The gradient to the convolution's kernel. */
function kernelGradient(slope: readonly number[], x: readonly number[], n: number): number[] {
  return Array.from({ length: k * channels * 9 }, (_, at) => {
    const [m, w] = [Math.floor(at / (channels * 9)), at % (channels * 9)];
    return sum(n, (row) =>
      sum(
        places,
        (place) => slope[row * hidden + m * places + place]! * seenBy(x, row, w, placeOf(place)),
      ),
    );
  });
}

/** How a batch is judged. */
export interface PaperDesign {
  readonly batchNorm: boolean;
  /** Share of certainty taken from the labels. */
  readonly smoothing: number;
}

/** Loss, gradients and new memory of a batch. */
export function paperGradients(
  values: Values,
  memory: Values,
  batch: Batch,
  { batchNorm, smoothing }: PaperDesign,
): { readonly loss: number; readonly memory: Values; readonly gradients: Values } {
  const n = batch.labels.length;
  const x = toNumbers(batch.pictures);
  const conv = convolved(values, x, n);
  const norm = batchNorm ? normalized(conv, n) : undefined;
  const [scale, offset] = [values["norm/scale"] ?? [], values["norm/offset"] ?? []];
  const before = norm
    ? norm.normal.map((value, at) => value * scale[channelOf(at)]! + offset[channelOf(at)]!)
    : conv;
  const h = before.map((value) => Math.max(0, value));
  const { loss, slopes } = lossOf(values, h, batch.labels, smoothing);
  const dense = values["dense/kernel"]!;
  const beforeSlope = before.map((value, at) => {
    const [row, i] = [Math.floor(at / hidden), at % hidden];
    return value > 0 ? sum(classes, (c) => slopes[row]![c]! * dense[i * classes + c]!) : 0;
  });
  const convSlope = norm ? throughNormalization(beforeSlope, norm, scale, n) : beforeSlope;
  const perFilter = (term: (at: number) => number) =>
    Array.from({ length: k }, (_, m) => inChannel(m, n).reduce((s, at) => s + term(at), 0));
  const gradients: Values = {
    "conv/kernel": kernelGradient(convSlope, x, n),
    "dense/kernel": dense.map((_, at) =>
      sum(n, (row) => h[row * hidden + Math.floor(at / classes)]! * slopes[row]![at % classes]!),
    ),
    "dense/bias": Array.from({ length: classes }, (_, c) => sum(n, (row) => slopes[row]![c]!)),
  };
  if (!norm) {
    return {
      loss,
      memory,
      gradients: { ...gradients, "conv/bias": perFilter((at) => convSlope[at]!) },
    };
  }
  const kept = (name: string, found: readonly number[]) =>
    found.map((value, m) => smallKept * memory[name]![m]! + (1 - smallKept) * value);
  return {
    loss,
    memory: {
      "norm/mean": kept("norm/mean", norm.means),
      "norm/variance": kept("norm/variance", norm.variances),
    },
    gradients: {
      ...gradients,
      "norm/scale": perFilter((at) => beforeSlope[at]! * norm.normal[at]!),
      "norm/offset": perFilter((at) => beforeSlope[at]!),
    },
  };
}
