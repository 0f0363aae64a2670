/** @file Pictures of floats as people see them. */
import { picture, type Picture } from "./picture.ts";

/** How floats become colours: 0..1 as it is, or standardised around middle grey as Keras' recipes do. */
export type FloatDisplay = "range" | "standardized";

/** Keras' recipes show one standard deviation as a tenth of the range. */
const standardDeviation = 0.1;

/**
 * The picture of `data` [C, H, W] in 0..1, RGB or grey. What lies outside of the range is clipped.
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
  const { gain, offset } = display === "range" ? { gain: 1, offset: 0 } : standardization(data);
  const bytes = new Uint8Array(data.length);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < places; i++) {
      const value = 255 * (data[c * places + i]! * gain + offset);
      bytes[i * channels + c] = Math.min(Math.max(Math.round(value), 0), 255);
    }
  }
  return picture(widthPx, heightPx, channels, bytes);
}

function standardization(data: Float32Array): { gain: number; offset: number } {
  const mean = data.reduce((total, x) => total + x, 0) / data.length;
  const variance = data.reduce((total, x) => total + (x - mean) ** 2, 0) / data.length;
  const gain = standardDeviation / Math.max(Math.sqrt(variance), 1e-5);
  return { gain, offset: 0.5 - mean * gain };
}
