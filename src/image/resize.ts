/** @file Resampling in plain arithmetic, so that Node and the browser make the same pixels. */
import type { Picture } from "./picture.ts";

/** Weights of the source places that make one place; places start at `first`. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * Bilinear taps from half-pixel centres; where the picture shrinks the triangle widens, so that nothing
 * is skipped (as Pillow and torchvision's `antialias` do).
 */
function triangleTaps(from: number, to: number): readonly Taps[] {
  const scale = from / to;
  const support = Math.max(scale, 1);
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(Math.floor(centre - support + 0.5), 0);
    const last = Math.min(Math.floor(centre + support + 0.5), from);
    const weights = Float64Array.from({ length: last - first }, (_, i) =>
      Math.max(1 - Math.abs(first + i - centre + 0.5) / support, 0),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
}

/** Lines of `length` elements, `stride` apart, resampled along the axis between them. */
function resampleAxis(
  source: Float64Array,
  outer: number,
  from: number,
  inner: number,
  to: number,
): Float64Array {
  if (from === to) return source;
  const taps = triangleTaps(from, to);
  const result = new Float64Array(outer * to * inner);
  for (let o = 0; o < outer; o++) {
    for (const [place, { first, weights }] of taps.entries()) {
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) {
          sum += weights[k]! * source[(o * from + first + k) * inner + i]!;
        }
        result[(o * to + place) * inner + i] = sum;
      }
    }
  }
  return result;
}

/** The picture at another size; bilinear, without aliasing. */
export function resizePicture(source: Picture, widthPx: number, heightPx: number): Picture {
  if (source.widthPx === widthPx && source.heightPx === heightPx) return source;
  const { channels } = source;
  const wide = resampleAxis(
    Float64Array.from(source.data),
    source.heightPx,
    source.widthPx,
    channels,
    widthPx,
  );
  const done = resampleAxis(wide, 1, source.heightPx, widthPx * channels, heightPx);
  const data = Uint8Array.from(done, (value) => Math.min(Math.max(Math.round(value), 0), 255));
  return { widthPx, heightPx, channels, data };
}

/** A plane of numbers [heightPx, widthPx] at another size; bilinear from half-pixel centres, without aliasing. */
export function resizePlane(
  plane: Float32Array,
  size: { readonly widthPx: number; readonly heightPx: number },
  widthPx: number,
  heightPx: number,
): Float32Array {
  const wide = resampleAxis(Float64Array.from(plane), size.heightPx, size.widthPx, 1, widthPx);
  return Float32Array.from(resampleAxis(wide, 1, size.heightPx, widthPx, heightPx));
}

/** The part of a picture around its centre. */
export function centreCrop(source: Picture, widthPx: number, heightPx: number): Picture {
  const left = Math.round((source.widthPx - widthPx) / 2);
  const top = Math.round((source.heightPx - heightPx) / 2);
  const { channels } = source;
  const data = new Uint8Array(widthPx * heightPx * channels);
  for (let y = 0; y < heightPx; y++) {
    const start = ((top + y) * source.widthPx + left) * channels;
    data.set(source.data.subarray(start, start + widthPx * channels), y * widthPx * channels);
  }
  return { widthPx, heightPx, channels, data };
}
