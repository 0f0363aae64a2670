/** @file What pixels show that are hidden from the network. */
import { LimpidError } from "../../errors.ts";
import { hasPlaces, type InputPart } from "../../graph/input-parts.ts";
import { placeOf, type PartPlace } from "../../graph/part-place.ts";
import { elementCount } from "../../graph/tensor.ts";
import { smallest } from "../../statistics.ts";
import { option, say } from "../../wording/face.ts";
import type { WholePicture } from "../../wording/option.ts";

/**
 * `mean`: the picture's own mean of each channel; `blur`: the picture through a Gaussian; `zero`: 0 in the
 * network's own numbers; one number a channel, or a whole picture [C, H, W], in the network's own numbers.
 */
export type Baseline = "mean" | "blur" | "zero" | readonly number[] | WholePicture;

/** Standard deviation of the blur as a share of the shorter side: no object is left, the light stays. */
const blurShare = 0.1;

/**
 * A picture [C, H, W] with all of it hidden, in the network's own numbers; of several parts each by itself, and a blur
 * along each side of theirs. Throws `bad-option` for a colour with another number of channels, a picture of another size, and for the blur of
 * numbers without neighbours.
 */
export function hiddenPicture(
  picture: Float32Array,
  dims: readonly number[],
  baseline: Baseline,
  parts: readonly InputPart[],
): Float32Array {
  if (isWhole(baseline)) return wholePicture(baseline, dims);
  const hidden = new Float32Array(picture.length);
  const [channels] = dims as [number];
  if (typeof baseline !== "string") requireColour(baseline, channels);
  for (const part of parts) {
    const place = placeOf(part, [1, ...dims]);
    for (let c = place.firstChannel; c < place.firstChannel + place.channels; c++) {
      const values = planeIn(picture, dims, place, c);
      writePlane(
        hidden,
        dims,
        { place, channel: c },
        hiddenPlane(values, baseline, { part, place, channel: c }),
      );
    }
  }
  return hidden;
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

function requireColour(colour: readonly number[], channels: number): void {
  if (colour.length === channels && colour.every(Number.isFinite)) return;
  throw new LimpidError(
    "bad-option",
    `baseline: there must be one finite number a channel (${channels}), got [${colour.join(", ")}]. give as many.`,
  );
}

/** A channel of a part. */
interface PartChannel {
  readonly part: InputPart;
  readonly place: PartPlace;
  readonly channel: number;
}

function hiddenPlane(
  values: Float32Array,
  baseline: Exclude<Baseline, WholePicture>,
  { part, place, channel }: PartChannel,
): Float32Array {
  if (baseline === "blur") return blurredAlong(values, part, place.sides);
  if (baseline === "zero") return values.map(() => 0);
  const value =
    baseline === "mean"
      ? values.reduce((sum, each) => sum + each, 0) / values.length
      : baseline[channel]!;
  return values.map(() => value);
}

function blurredAlong(
  values: Float32Array,
  part: InputPart,
  sides: readonly number[],
): Float32Array {
  if (!hasPlaces(part)) {
    throw new LimpidError(
      "bad-option",
      say`baseline: a blur needs places with neighbours, got the numbers "${part.name}". choose ${option("baseline", "mean")}.`,
    );
  }
  const sigma = Math.max(blurShare * smallest(sides), 0.5);
  return blurred(values, sides, sigma);
}

/** The numbers of a channel where the part lies, row by row. */
function planeIn(
  picture: Float32Array,
  [, height, width]: readonly number[],
  { rows, columns }: PartPlace,
  channel: number,
): Float32Array {
  const start = channel * height! * width!;
  if (columns === width) return picture.subarray(start, start + rows * columns);
  const plane = new Float32Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const from = start + y * width!;
    plane.set(picture.subarray(from, from + columns), y * columns);
  }
  return plane;
}

function writePlane(
  picture: Float32Array,
  [, height, width]: readonly number[],
  { place: { rows, columns }, channel }: Omit<PartChannel, "part">,
  plane: Float32Array,
): void {
  for (let y = 0; y < rows; y++) {
    const to = (channel * height! + y) * width!;
    picture.set(plane.subarray(y * columns, (y + 1) * columns), to);
  }
}

/** A Gaussian cut off at three standard deviations; places beyond a border are those at the border. */
function blurred(values: Float32Array, sides: readonly number[], sigma: number): Float32Array {
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
  return sides.reduceRight<Float32Array>(
    (source, side, axis) => along(source, side, elementCount(sides.slice(axis + 1))),
    values,
  );
}
