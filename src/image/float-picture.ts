/** @file Pictures of floats as people see them. */
import { picture, type Picture } from "./picture.ts";

/**
 * How floats become colours: 0..1 as it is; standardised around middle grey as Keras' recipes do; or stretched from the
 * smallest to the largest number.
 */
export type FloatDisplay = "range" | "standardized" | "stretched";

/** Keras' recipes show one standard deviation as a tenth of the range. */
const standardDeviation = 0.1;

/**
 * The picture of `data` [C, H, W], RGB or grey, whose range is 0..1 unless it is stretched. What lies outside of the range is clipped.
 * `standardized` brings mean and standard deviation to 0.5 and 0.1 first, so that faint pictures show
 * (the Keras blog, 2016).
 */
export function pictureOfFloats(
  data: Float32Array,
  size: { readonly channels: 1 | 3; readonly heightPx: number; readonly widthPx: number },
  display: FloatDisplay,
): Picture {
  const { channels, heightPx, widthPx } = size;
  const places = heightPx * widthPx;
  const { gain, offset } = scalingOf(data, display);
  const bytes = new Uint8Array(data.length);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < places; i++) {
      const value = 255 * (data[c * places + i]! * gain + offset);
      bytes[i * channels + c] = Math.min(Math.max(Math.round(value), 0), 255);
    }
  }
  return picture(widthPx, heightPx, channels, bytes);
}

function scalingOf(data: Float32Array, display: FloatDisplay) {
  if (display === "range") return { gain: 1, offset: 0 };
  return display === "stretched" ? stretching(data) : standardization(data);
}

function stretching(data: Float32Array): { gain: number; offset: number } {
  const [low, high] = extent(data);
  const gain = 1 / (high - low || 1);
  return { gain, offset: -low * gain };
}

/** A spread of as many arguments as a large picture has pixels overflows the stack. */
function extent(data: Float32Array): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function standardization(data: Float32Array): { gain: number; offset: number } {
  const mean = data.reduce((total, x) => total + x, 0) / data.length;
  const variance = data.reduce((total, x) => total + (x - mean) ** 2, 0) / data.length;
  const gain = standardDeviation / Math.max(Math.sqrt(variance), 1e-5);
  return { gain, offset: 0.5 - mean * gain };
}
