/** @file What pixels show that are hidden from the network. */
import { LimpidError } from "../../errors.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { WholePicture } from "../../wording/option.ts";

/**
 * `mean`: the picture's own mean of each channel; `blur`: the picture through a Gaussian; `zero`: 0 in the
 * network's own numbers; one number a channel, or a whole picture [C, H, W], in the network's own numbers.
 */
export type Baseline = "mean" | "blur" | "zero" | readonly number[] | WholePicture;

/** Standard deviation of the blur as a share of the shorter side: no object is left, the light stays. */
const blurShare = 0.1;

/**
 * A picture [C, H, W] with all of it hidden, in the network's own numbers. Throws `bad-option` for a colour
 * with another number of channels, and a picture of another size.
 */
export function hiddenPicture(
  picture: Float32Array,
  dims: readonly number[],
  baseline: Baseline,
): Float32Array {
  const [channels, height, width] = dims as [number, number, number];
  const places = height * width;
  if (isWhole(baseline)) return wholePicture(baseline, dims);
  const planes = Array.from({ length: channels }, (_, c) =>
    picture.subarray(c * places, (c + 1) * places),
  );
  if (baseline === "blur") {
    const sigma = Math.max(blurShare * Math.min(height, width), 0.5);
    return joined(planes.map((values) => blurred(values, height, width, sigma)));
  }
  const colour = colourOf(planes, baseline);
  return joined(colour.map((value) => new Float32Array(places).fill(value)));
}

/** Whether a baseline is a picture of its own. */
export function isWhole(baseline: Baseline | undefined): baseline is WholePicture {
  return typeof baseline === "object" && "picture" in baseline;
}

function wholePicture({ picture }: WholePicture, dims: readonly number[]): Float32Array {
  if (picture.length === elementCount(dims)) return picture;
  throw new LimpidError(
    "bad-option",
    `baseline: a picture must have ${elementCount(dims)} numbers, as the one that is explained, got ${picture.length}. prepare it alike.`,
  );
}

function colourOf(
  planes: readonly Float32Array[],
  baseline: Exclude<Baseline, "blur" | WholePicture>,
) {
  if (baseline === "zero") return planes.map(() => 0);
  if (baseline === "mean") {
    return planes.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  }
  if (baseline.length === planes.length && baseline.every(Number.isFinite)) return baseline;
  throw new LimpidError(
    "bad-option",
    `baseline: there must be one finite number a channel (${planes.length}), got [${baseline.join(", ")}]. give as many.`,
  );
}

function joined(planes: readonly Float32Array[]): Float32Array {
  const data = new Float32Array(planes.length * planes[0]!.length);
  for (const [c, values] of planes.entries()) data.set(values, c * values.length);
  return data;
}

/** A Gaussian cut off at three standard deviations; places beyond a border are those at the border. */
function blurred(values: Float32Array, height: number, width: number, sigma: number) {
  const reach = Math.ceil(3 * sigma);
  const bell = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = bell.reduce((sum, weight) => sum + weight, 0);
  const along = (source: Float32Array, length: number, step: number) => {
    const result = new Float32Array(source.length);
    for (let at = 0; at < source.length; at++) {
      const place = Math.floor(at / step) % length;
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        const near = Math.min(Math.max(place + k, 0), length - 1);
        sum += bell[k + reach]! * source[at + (near - place) * step]!;
      }
      result[at] = sum / total;
    }
    return result;
  };
  return along(along(values, width, 1), height, width);
}
