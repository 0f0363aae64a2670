/**
 * @file How well a preprocessing of a picture fits what the first batch normalisation saw in training: brightness and
 * contrast behind the first layer, against its running statistics.
 */
import { firstNormalization, type ExpectedStatistics } from "../graph/first-normalization.ts";
import { elementCount, tensor, toFloat32, type Tensor } from "../graph/tensor.ts";
import { affineOf, preprocessings, type Preprocessing } from "../image/preprocess.ts";
import type { Model } from "./model.ts";

/** What the first layer makes of a picture in 0..1, one number a channel behind it. */
interface FirstLayer {
  readonly expected: ExpectedStatistics;
  /** Of black. */
  readonly offsets: readonly number[];
  /** What one in a channel of the input adds, [channels behind it][channels of the input]. */
  readonly slopes: readonly (readonly number[])[];
  readonly variances: readonly number[];
  /** Means of the picture's channels in the order red, green, blue. */
  readonly colour: readonly number[];
}

/** How far a preprocessing is off. */
export interface Misfit {
  /** Brightness in training less that of the picture, as a share of black to white. */
  readonly brightness: number;
  /** Natural logarithm of the contrast in training over that of the picture. */
  readonly contrast: number;
  /** Of both together: half the square of how many usual deviations between a picture and its data set they are off. */
  readonly penalty: number;
}

/** How far pictures are from their data set: in brightness and each colour, 0..1; behind the first layer; and in contrast, of which one alone has less. */
const usual = {
  brightness: 0.12,
  tint: 0.08,
  noise: 0.3,
  contrast: 0.45,
  contrastBias: 0.15,
} as const;

/** Standard deviation below which a picture is too even to tell anything. */
const leastDeviation = 0.04;

/** The picture's variance in 0..1 that is needed behind the first layer, as a share of what was there in training. */
const leastShare = 1e-12;

/**
 * A measure of how a preprocessing fits, by a picture [1, C, H, W] in 0..1, RGB or grey, which is only made where the
 * network has such a layer; undefined where nothing tells.
 */
export async function preprocessingEvidence(
  model: Model,
  pictured: () => Tensor,
): Promise<((how: Preprocessing) => Misfit | undefined) | undefined> {
  const expected = firstNormalization(model.graph);
  if (!expected) return undefined;
  const picture = pictured();
  if (deviationOf(picture) < leastDeviation) return undefined;
  const layer = await measured(model, picture, expected);
  return layer && ((how) => misfitOf(layer, how, picture.dims[1] === 1 ? 1 : 3));
}

function deviationOf({ data }: Tensor): number {
  const numbers = Array.from(data as Float32Array);
  const { mean, variance } = momentsOf(numbers);
  return Number.isFinite(mean) ? Math.sqrt(variance) : 0;
}

function momentsOf(numbers: ArrayLike<number>): {
  readonly mean: number;
  readonly variance: number;
} {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]!;
  const mean = sum / numbers.length;
  for (let i = 0; i < numbers.length; i++) squares += (numbers[i]! - mean) ** 2;
  return { mean, variance: squares / numbers.length };
}

async function measured(
  model: Model,
  picture: Tensor,
  expected: ExpectedStatistics,
): Promise<FirstLayer | undefined> {
  const [, channels = 3] = picture.dims;
  const session = await model.runtime.open(await model.part([expected.value], picture.dims));
  try {
    const behind = async (input: Tensor) => {
      const { [expected.value]: value } = await session.run({ [model.input.name]: input });
      return momentsByChannel(value!);
    };
    const [seen, black] = [await behind(picture), await behind(plainInput(picture.dims, -1))];
    if (black.length !== expected.means.length) return undefined;
    const offsets = black.map(({ mean }) => mean);
    const slopes: number[][] = offsets.map(() => []);
    for (let k = 0; k < channels; k++) {
      const one = await behind(plainInput(picture.dims, k));
      for (const [c, { mean }] of one.entries()) slopes[c]!.push(mean - offsets[c]!);
    }
    const colour = momentsByChannel(picture).map(({ mean }) => mean);
    return { expected, offsets, slopes, variances: seen.map(({ variance }) => variance), colour };
  } finally {
    await session.release();
  }
}

/** One in channel `k` and 0 elsewhere; 0 everywhere for -1. */
function plainInput(dims: readonly number[], k: number): Tensor {
  const data = new Float32Array(elementCount(dims));
  const places = elementCount(dims.slice(2));
  if (k >= 0) {
    for (let n = 0; n < dims[0]!; n++) {
      const start = (n * dims[1]! + k) * places;
      data.fill(1, start, start + places);
    }
  }
  return tensor("float32", dims, data);
}

/** Of the first row of [N, C, ...]. */
function momentsByChannel(value: Tensor) {
  const [, channels = 1, ...places] = value.dims;
  const size = elementCount(places);
  const data = toFloat32(value);
  return Array.from({ length: channels }, (_, c) =>
    momentsOf(data.subarray(c * size, (c + 1) * size)),
  );
}

/** A misfit of the means: what is to be explained, and by what, summed over channels behind the first layer. */
interface Shift {
  /** Of the picture's colour to the mean, in the input's channels. */
  readonly product: number[];
  readonly information: number[][];
}

/** The order of colours that a preprocessing gives to the input is that of its gains and offsets. */
function misfitOf(
  { expected, offsets, slopes, variances, colour }: FirstLayer,
  how: Preprocessing,
  channels: 1 | 3,
): Misfit | undefined {
  const { order, gain, offset } = affineOf(how, channels);
  const fed = order.map((from, k) => colour[from]! * gain[k]! + offset[k]!);
  const meanGain = gain.reduce((sum, factor) => sum + factor, 0) / channels;
  const shift: Shift = {
    product: gain.map(() => 0),
    information: gain.map(() => gain.map(() => 0)),
  };
  const ratios: { readonly ratio: number; readonly weight: number }[] = [];
  for (const [c, variance] of expected.variances.entries()) {
    const row = slopes[c]!;
    const mean = row.reduce((sum, slope, k) => sum + slope * fed[k]!, offsets[c]!);
    const effects = row.map((slope, k) => (slope * gain[k]!) / Math.sqrt(variance));
    addChannel(shift, effects, (expected.means[c]! - mean) / Math.sqrt(variance));
    const own = variances[c]! * meanGain ** 2;
    const weight = effects.reduce((sum, effect) => sum + effect, 0) ** 2;
    if (own > leastShare * variance) ratios.push({ ratio: Math.log(variance / own) / 2, weight });
  }
  const light = brightnessOf(shift);
  if (ratios.length === 0 || !light) return undefined;
  const contrast = weightedMedian(ratios) - usual.contrastBias;
  const penalty = light.penalty + (contrast / usual.contrast) ** 2 / 2;
  return { brightness: light.brightness, contrast, penalty };
}

function addChannel(
  { product, information }: Shift,
  effects: readonly number[],
  off: number,
): void {
  for (const [k, effect] of effects.entries()) {
    product[k]! += effect * off;
    for (const [l, other] of effects.entries()) information[k]![l]! += effect * other;
  }
}

/**
 * The colour d by which training was brighter explains r = M d, where M is the information; with a usual spread S of
 * colours between a picture and its data set and noise N behind the layer, d has the covariance S + N M^-1, so that
 * r' (M S M + N M)^-1 r is its square in standard deviations. Undefined where the layer sees no light.
 */
function brightnessOf({ product, information }: Shift) {
  const total = information.flat().reduce((sum, x) => sum + x, 0);
  if (!(total > 0)) return undefined;
  const size = product.length;
  const indices = [...product.keys()];
  const spread = indices.map((k) =>
    indices.map((l) => usual.brightness ** 2 + (k === l ? usual.tint ** 2 : 0)),
  );
  const times = (a: number[][], b: number[][]) =>
    indices.map((k) =>
      indices.map((l) => indices.reduce((sum, m) => sum + a[k]![m]! * b[m]![l]!, 0)),
    );
  const seen = times(times(information, spread), information);
  const floor = 1e-9 * (information.reduce((sum, row, k) => sum + row[k]!, 0) / size);
  const noisy = seen.map((row, k) =>
    row.map((x, l) => x + usual.noise ** 2 * information[k]![l]! + (k === l ? floor : 0)),
  );
  const solved = solve(noisy, product);
  const penalty = product.reduce((sum, r, k) => sum + r * solved[k]!, 0) / 2;
  return { penalty, brightness: product.reduce((sum, r) => sum + r, 0) / total };
}

/** x of A x = b by elimination, A symmetric and positive definite. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, k) => [...row, right[k]!]);
  for (const [k, pivot] of rows.entries()) {
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[k]! / pivot[k]!;
      for (let l = k; l < row.length; l++) row[l]! -= factor * pivot[l]!;
    }
  }
  return rows.map((row, k) => row.at(-1)! / row[k]!);
}

function weightedMedian(
  list: readonly { readonly ratio: number; readonly weight: number }[],
): number {
  const sorted = list.toSorted((a, b) => a.ratio - b.ratio);
  const half = list.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  return (sorted.find(({ weight }) => (sum += weight) >= half) ?? sorted.at(-1)!).ratio;
}

const { torchvision, caffe, tf, unit, none } = preprocessings;

/** The preprocessings that are tried, each in its usual order of colours first. */
export function candidatesFor(channels: 1 | 3): readonly Preprocessing[] {
  if (channels === 1) return [unit, torchvision, tf, none];
  return [torchvision, caffe, tf, unit, none].flatMap((how) => [how, turned(how)]);
}

/** With the other order of colours. */
function turned(how: Preprocessing): Preprocessing {
  const { mean, std, channels } = how;
  return {
    ...how,
    channels: channels === "rgb" ? "bgr" : "rgb",
    mean: mean.toReversed(),
    std: std.toReversed(),
  };
}
