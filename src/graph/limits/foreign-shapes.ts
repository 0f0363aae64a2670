/** @file Sizes of what operators make that only files bring, beside those of `infer.ts` that are built here too. */
import { elementCount } from "../tensor.ts";
import {
  positiveAxis,
  shape,
  type Infer,
  type InferenceContext,
  type InferTable,
} from "../infer/rule.ts";
import { spatial } from "../infer/spatial.ts";

/** Types are found elsewhere; these rules tell sizes alone. */
const sized = (dims: readonly number[]) => shape("float32", dims);

const first = (c: InferenceContext, i: number) => Math.max(c.constant(i)[0] ?? Number.NaN, 0);

const constantOfShape: Infer = (c) => sized(c.constant(0));

const range: Infer = (c) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => c.constant(i)[0] ?? Number.NaN);
  return sized([Math.max(Math.ceil((limit! - start!) / delta!), 0)]);
};

const window: Infer = (c) => sized([first(c, 0)]);

const attributeShape: Infer = (c) => sized(c.attributes.ints("shape"));

/** [D, N, H] of the hidden states behind [T, N, I]. */
const recurrent: Infer = (c) => {
  const [steps, batch] = c.in(0).dims as [number, number];
  const [directions = 1] = c.in(1).dims;
  const hidden = c.in(2).dims.at(-1)!;
  const last = sized([directions, batch, hidden])[0]!;
  return [...sized([steps, directions, batch, hidden]), last, last].slice(0, c.outputCount);
};

const affineGrid: Infer = (c) => {
  const [batch = Number.NaN, , ...places] = c.constant(1);
  return sized([batch, ...places, places.length]);
};

const centerCropPad: Infer = (c) => {
  const { dims } = c.in(0);
  const sizes = c.constant(1);
  const axes = c.attributes.ints(
    "axes",
    dims.map((_, axis) => axis),
  );
  const result = [...dims];
  for (const [i, axis] of axes.entries())
    result[positiveAxis(axis, dims.length)] = sizes[i] ?? Number.NaN;
  return sized(result);
};

const columnsToImage: Infer = (c) => {
  const [batch = 0, rows = 0] = c.in(0).dims;
  return sized([batch, rows / elementCount(c.constant(2)), ...c.constant(1)]);
};

const fourier: Infer = (c) => {
  const { dims } = c.in(0);
  const axis = positiveAxis(c.has(2) ? (c.constant(2)[0] ?? Number.NaN) : -2, dims.length);
  const length = c.has(1) ? first(c, 1) : (dims[axis] ?? Number.NaN);
  const kept = c.attributes.int("onesided", 0) === 1 ? Math.floor(length / 2) + 1 : length;
  const result = [...dims.slice(0, -1), 2];
  result[axis] = kept;
  return sized(result);
};

const shortFourier: Infer = (c) => {
  const [batch = 0, samples = 0] = c.in(0).dims;
  const length = c.has(3) ? first(c, 3) : c.in(2).dims[0]!;
  const frames = Math.max(Math.floor((samples - length) / c.constant(1)[0]!) + 1, 0);
  const kept = c.attributes.int("onesided", 1) === 1 ? Math.floor(length / 2) + 1 : length;
  return sized([batch, frames, kept, 2]);
};

const melWeights: Infer = (c) => sized([Math.floor(first(c, 1) / 2) + 1, first(c, 0)]);

const regionPool: Infer = (c) => {
  const channels = c.in(0).dims[1]!;
  const rows = c.attributes.int("output_height", 1);
  const columns = c.attributes.int("output_width", 1);
  return sized([c.in(1).dims[0]!, channels, rows, columns]);
};

const maxRegionPool: Infer = (c) =>
  sized([c.in(1).dims[0]!, c.in(0).dims[1]!, ...c.attributes.ints("pooled_shape")]);

const deformed: Infer = (c) => {
  const places = c.in(2).dims.slice(2);
  return sized([c.in(0).dims[0]!, c.in(1).dims[0]!, ...places]);
};

/** As another operator's rule, whose inputs stand at these places. */
const as =
  (rule: Infer, places: readonly number[]): Infer =>
  (c) =>
    rule({ ...c, in: (i) => c.in(places[i]!), has: (i) => c.has(places[i]!) });

const matrices: Infer = (c) => {
  const [a, b] = [c.in(0).dims, c.in(1).dims];
  const wider = a.length >= b.length ? a : b;
  return sized([...wider.slice(0, -2), a.at(-2) ?? 1, b.at(-1) ?? 1]);
};

const likeFirst: Infer = (c) => Array.from({ length: c.outputCount }, () => c.in(0));

const loss: Infer = (c) => {
  const isWhole = c.attributes.string("reduction", "mean") !== "none";
  const each = isWhole ? [] : c.in(1).dims;
  return [...sized(each), c.in(0)].slice(0, c.outputCount);
};

const conv = spatial["Conv"]!;

export const foreign: InferTable = {
  AffineGrid: affineGrid,
  Bernoulli: likeFirst,
  BitCast: likeFirst,
  BlackmanWindow: window,
  CenterCropPad: centerCropPad,
  Col2Im: columnsToImage,
  ConstantOfShape: constantOfShape,
  ConvInteger: conv,
  DFT: fourier,
  DeformConv: deformed,
  Det: (c) => sized(c.in(0).dims.slice(0, -2)),
  DynamicQuantizeLinear: (c) => [c.in(0), ...sized([]), ...sized([])],
  EyeLike: likeFirst,
  GRU: recurrent,
  HammingWindow: window,
  HannWindow: window,
  LSTM: recurrent,
  MatMulInteger: matrices,
  MaxRoiPool: maxRegionPool,
  MelWeightMatrix: melWeights,
  Multinomial: (c) => sized([c.in(0).dims[0]!, c.attributes.int("sample_size", 1)]),
  NegativeLogLikelihoodLoss: loss,
  QLinearConv: as(conv, [0, 3]),
  QLinearMatMul: as(matrices, [0, 3]),
  RMSNormalization: likeFirst,
  RNN: recurrent,
  RandomNormal: attributeShape,
  RandomNormalLike: likeFirst,
  RandomUniform: attributeShape,
  RandomUniformLike: likeFirst,
  Range: range,
  RoiAlign: regionPool,
  STFT: shortFourier,
  Size: () => sized([]),
  SoftmaxCrossEntropyLoss: loss,
};

/** Operators whose outputs can be far larger than their inputs: for numbers that stand in an input or an attribute. */
export const growing: ReadonlySet<string> = new Set(
  (
    "AffineGrid BlackmanWindow CenterCropPad Col2Im ConstantOfShape DFT Expand HammingWindow HannWindow MaxUnpool " +
    "MelWeightMatrix OneHot Pad Range Resize STFT Tile"
  ).split(" "),
);
