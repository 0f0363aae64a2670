/**
 * @file THE table of what ONNX Runtime 1.30 takes on trust and must be looked at before: ranks, lengths and values with
 * which it reads outside of its memory, ends the process or never ends. Found by a sweep of some 100,000 odd nodes.
 */
import { formatShape, mostAxes } from "../tensor.ts";
import {
  all,
  axes,
  flags,
  axis,
  filled,
  float,
  int,
  list,
  mostInt32,
  positive,
  ranked,
  single,
  within,
  type Demand,
} from "./demands.ts";
import { resize } from "./resize-demands.ts";
import type { SizedNode } from "./sized-node.ts";
import { blocks, convolution, pool, unpool } from "./window-demands.ts";

const rankOf =
  (i: number) =>
  (n: SizedNode): number | undefined =>
    n.dims(i)?.length;

const count =
  (i: number) =>
  (n: SizedNode): number | undefined =>
    n.count(i);

/** Axes that two inputs share must be behind neither's end. */
const batchAxes: Demand = int("batch_dims", 0, (n) => {
  const [data, indices] = [rankOf(0)(n), rankOf(1)(n)];
  return data === undefined || indices === undefined ? undefined : Math.min(data, indices) - 1;
});

/** What is split falls to as many outputs as there are. */
const split: Demand = (n) => {
  const outputs = n.node.outputs.length;
  list(1, () => outputs)(n);
  if (n.attributes.has("num_outputs") && n.attributes.int("num_outputs") !== outputs) {
    throw n.refusal(
      `attribute num_outputs must be its number of outputs, ${outputs}`,
      String(n.attributes.int("num_outputs")),
    );
  }
};

/** Scores [N, C, ...] have a label [N, ...] at each position. */
const labels: Demand = (n) => {
  const [scores, found] = [n.dims(0), n.dims(1)];
  if (!scores || !found) return;
  const wanted = scores.toSpliced(1, 1);
  if (found.length === wanted.length && wanted.every((size, i) => size === found[i])) return;
  throw n.refusal(`input 1 must be a label a position, ${formatShape(wanted)}`, formatShape(found));
};

/** What is padded away is no more than there is. */
const pad: Demand = (n) => {
  const dims = n.dims(0);
  const pads = n.numbers(1);
  if (!dims || !pads || n.has(3)) return;
  const odd = dims.findIndex((size, i) => size + pads[i]! + pads[i + dims.length]! < 0);
  if (odd >= 0) {
    throw n.refusal(`pads must leave axis ${odd} of ${formatShape(dims)}`, `[${pads.join(", ")}]`);
  }
};

const padLengths: Demand = list(1, (n) => {
  const axes = n.has(3) ? n.count(3) : rankOf(0)(n);
  return axes === undefined ? undefined : 2 * axes;
});

/** Values of an attribute that are the sizes of what is made. */
const sizes: Demand = (n) => {
  const odd = n.attributes.ints("shape").find((size) => size < 0);
  if (odd !== undefined) throw n.refusal("attribute shape must hold sizes", String(odd));
};

const ordered: Demand = (n) => {
  const [low, high] = [n.attributes.float("low", 0), n.attributes.float("high", 1)];
  if (!(low <= high)) throw n.refusal("low must not be above high", `${low} and ${high}`);
};

const normal = all(float("mean"), positive("scale"));
const uniform = all(float("low"), float("high"), ordered);

/** Regions name the picture that they lie in. */
const regions: Demand = (n) => {
  const pictures = n.dims(0)?.[0];
  if (n.known(2)?.varies) {
    throw n.refusal("the pictures of regions must be known", `"${n.node.inputs[2]!}"`);
  }
  if (pictures !== undefined) within(2, 0, pictures - 1)(n);
};

/** What is chosen from is as long as the choice, or longer. */
const choice: Demand = (n) => {
  const dims = n.dims(0);
  if (!dims) return;
  const axisGiven = n.attributes.has("axis") ? n.attributes.int("axis") : undefined;
  const size = axisGiven === undefined ? n.count(0) : dims.at(axisGiven);
  const flagCount = n.count(1);
  if (size === undefined || flagCount === undefined || flagCount <= size) return;
  throw n.refusal(`input 1 must have at most ${size} places`, String(flagCount));
};

const channels = (n: SizedNode): number | undefined => n.dims(0)?.[1];

/** A weight for each class. */
const weights: Demand = list(2, channels);

const loss = all(ranked(0, 2, 8), labels, weights);

const normalized = all(filled(), axis());
const recurrent = all(ranked(0, 3), filled(), int("hidden_size", 1, mostInt32));
const windowLength = all(single(0), within(0, 0, mostInt32));
const blocksize = all(filled(), int("blocksize", 1, 2 ** 15));

const reductions =
  "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare".split(
    " ",
  );

const table: Readonly<Record<string, Demand>> = {
  ...Object.fromEntries(reductions.map((operator) => [operator, axes(1)])),
  AffineGrid: list(1),
  ArgMax: axis(),
  ArgMin: axis(),
  AveragePool: pool,
  BatchNormalization: filled(),
  BlackmanWindow: windowLength,
  CenterCropPad: all(list(1), within(1, 0, mostInt32)),
  Col2Im: all(ranked(0, 2, 3), list(1), list(2, count(1)), within(2, 1, mostInt32), blocks),
  Compress: all(axis(), choice),
  Concat: axis(),
  ConstantOfShape: all(list(0), within(0, 0, Number.MAX_SAFE_INTEGER)),
  Conv: convolution(0, 1),
  ConvInteger: convolution(0, 1),
  ConvTranspose: convolution(0, 1),
  CumProd: single(1),
  CumSum: single(1),
  DFT: all(filled(), single(1), within(1, 1, mostInt32), single(2)),
  DeformConv: all(
    filled(),
    filled(1),
    filled(2),
    int("offset_group", 1, mostInt32),
    convolution(0, 1),
  ),
  DepthToSpace: blocksize,
  Det: filled(),
  Expand: list(1),
  EyeLike: all(ranked(0, 2), int("k", -mostInt32, mostInt32)),
  Flatten: axis(0, 1),
  GRU: recurrent,
  Gather: axis(),
  GatherElements: axis(),
  GatherND: all(batchAxes, ranked(1, 1, mostAxes)),
  GlobalAveragePool: filled(),
  GlobalLpPool: all(filled(), int("p", 1, mostInt32)),
  GlobalMaxPool: filled(),
  GridSample: all(filled(), filled(1), ranked(0, 4, 5), ranked(1, 4, 5)),
  GroupNormalization: all(
    filled(),
    int("num_groups", 1, (n) => n.dims(0)?.[1]),
    list(1, channels),
    list(2, channels),
  ),
  HammingWindow: windowLength,
  HannWindow: windowLength,
  Hardmax: normalized,
  InstanceNormalization: all(filled(), ranked(0, 3, 8)),
  LRN: all(filled(), int("size", 1, mostInt32)),
  LSTM: recurrent,
  LayerNormalization: normalized,
  LogSoftmax: axis(),
  LpNormalization: normalized,
  LpPool: pool,
  MaxPool: pool,
  MaxRoiPool: all(filled(), ranked(0, 4), ranked(1, 2)),
  MaxUnpool: unpool,
  MeanVarianceNormalization: filled(),
  MelWeightMatrix: all(
    ...[0, 1, 2, 3, 4].map(single),
    within(0, 1, mostInt32),
    within(1, 1, mostInt32),
  ),
  Multinomial: all(ranked(0, 2), filled(), int("sample_size", 1, mostInt32)),
  NegativeLogLikelihoodLoss: loss,
  OneHot: all(
    axis(0, 1),
    single(1),
    within(1, 0, mostInt32),
    list(2, () => 2),
  ),
  Pad: all(padLengths, pad),
  QLinearConv: convolution(0, 3),
  RMSNormalization: normalized,
  RNN: recurrent,
  RandomNormal: all(sizes, normal),
  RandomNormalLike: normal,
  RandomUniform: all(sizes, uniform),
  RandomUniformLike: uniform,
  Range: all(single(0), single(1), single(2)),
  Resize: resize,
  RoiAlign: all(
    filled(),
    ranked(0, 4),
    ranked(1, 2),
    within(1, -1e6, 1e6),
    int("output_height", 1, 2 ** 15),
    int("output_width", 1, 2 ** 15),
    int("sampling_ratio", 0, 1024),
    float("spatial_scale"),
    regions,
  ),
  Slice: axes(3),
  Squeeze: axes(1),
  STFT: all(
    filled(),
    single(1),
    within(1, 1, mostInt32),
    list(2),
    filled(2),
    single(3),
    within(3, 1, mostInt32),
  ),
  ScatterElements: axis(),
  Softmax: axis(),
  SoftmaxCrossEntropyLoss: loss,
  SpaceToDepth: blocksize,
  Split: all(axis(), split),
  Tile: all(list(1, rankOf(0)), within(1, 0, Number.MAX_SAFE_INTEGER)),
  TopK: all(filled(), axis(), single(1)),
  Trilu: single(1),
  Unsqueeze: axes(1, (n) => n.count(1) ?? 0),
  Unique: all(filled(), axis()),
};

/** Throws `bad-file` for a node that ONNX Runtime must not see. */
export function requireSafe(n: SizedNode): void {
  const { operator, domain } = n.node;
  if (domain !== "") return;
  flags(n);
  if (Object.hasOwn(table, operator)) table[operator]!(n);
}
