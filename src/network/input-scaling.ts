/** @file What a network itself does to its input's numbers before its first layer, measured. */
import type { AffineScaling } from "../image/affine.ts";
import { preparedInput } from "../graph/input-preparation.ts";
import { elementCount, tensor, toFloat32, type Tensor } from "../graph/tensor.ts";
import { inputBounds } from "./input-bounds.ts";
import type { Model } from "./model.ts";
import { largest } from "../statistics.ts";

/** A colour by which the scaling is tried, and the largest share by which it may be off. */
const trialColour = [200, 30, 90] as const;
const tolerance = 1e-3;

/**
 * `first[c] = input[order[c]] * gain[c] + offset[c]`, where `first` is what the first layer reads; undefined where
 * that is the input itself, or no such line. Of networks of 1 or 3 channels.
 */
export async function inputScaling(model: Model): Promise<AffineScaling | undefined> {
  const value = preparedInput(model.graph);
  const dims = model.inputDims();
  const channels = dims[1];
  if (value === model.input.name || (channels !== 1 && channels !== 3)) return undefined;
  const unit = (c: number) => Array.from({ length: channels }, (_, other) => Number(other === c));
  // What is cut off at a bound is no line.
  const share = inputBounds(model.graph).most < 255 ? 1 / 255 : 1;
  const trial = trialColour.slice(0, channels).map((part) => part * share);
  const colours = [unit(-1), ...Array.from({ length: channels }, (_, c) => unit(c)), trial];
  const session = await model.runtime.open(await model.part([value], dims));
  try {
    const seen: (readonly number[] | undefined)[] = [];
    for (const colour of colours) {
      const { [value]: result } = await session.run({ [model.input.name]: plain(colour, dims) });
      seen.push(result && colourOf(result, channels));
    }
    const known = seen.filter((colour) => colour !== undefined);
    return known.length === colours.length ? scalingOf(known, trial) : undefined;
  } finally {
    await session.release();
  }
}

/** Pictures [N, C, H, W] of one colour. */
function plain(colour: readonly number[], dims: readonly number[]): Tensor {
  const places = dims[2]! * dims[3]!;
  const data = new Float32Array(elementCount(dims));
  for (let i = 0; i < data.length; i++) data[i] = colour[Math.floor(i / places) % colour.length]!;
  return tensor("float32", dims, data);
}

/** The colour of a value [N, C, H, W] or [N, H, W, C], or the same without a batch, that is the same everywhere. */
function colourOf(value: Tensor, channels: number): readonly number[] | undefined {
  const dims = value.dims.length === 3 ? [1, ...value.dims] : value.dims;
  if (dims.length !== 4) return undefined;
  const data = toFloat32(value);
  for (const axis of [1, 3]) {
    if (dims[axis] !== channels) continue;
    const step = elementCount(dims.slice(axis + 1));
    const colour = Array.from({ length: channels }, (_, c) => data[c * step]!);
    const isPlain = data.every((x, i) => isNear(x, colour[Math.floor(i / step) % channels]!));
    if (isPlain) return colour;
  }
  return undefined;
}

/** Resampling leaves rounding errors. */
function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b), 1e-3);
}

/** From what became of black, of one in each channel, and of a colour by which the line is tried. */
function scalingOf(
  [black, ...colours]: readonly (readonly number[])[],
  trial: readonly number[],
): AffineScaling | undefined {
  const tried = colours.pop()!;
  const order: number[] = [];
  const gain: number[] = [];
  for (const [c, offset] of black!.entries()) {
    const slopes = colours.map((colour) => colour[c]! - offset);
    const most = largest(slopes.map(Math.abs));
    const from = slopes.findIndex((slope) => Math.abs(slope) === most);
    const isMixed = slopes.some((slope, i) => i !== from && Math.abs(slope) > tolerance * most);
    if (most === 0 || isMixed) return undefined;
    // A slope over a whole colour has more digits than one over a single step.
    const slope = (tried[c]! - offset) / trial[from]!;
    if (Math.abs(slope - slopes[from]!) > 2 * tolerance * Math.abs(slope) + 1e-5) return undefined;
    order.push(from);
    gain.push(slope);
  }
  return new Set(order).size === order.length ? { order, gain, offset: black! } : undefined;
}
