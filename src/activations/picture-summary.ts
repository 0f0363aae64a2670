/** @file What one picture makes of each channel of a layer, in a few numbers a channel. */
import { LimpidError } from "../errors.ts";
import { formatShape, type Tensor } from "../graph/tensor.ts";

/** One entry a channel in every list. */
export interface PictureSummary {
  /** Greatest value over all places; NaN where one of them is. */
  readonly maxima: Float32Array;
  /** Where it is first reached: y * width + x. */
  readonly places: Int32Array;
  readonly means: Float64Array;
  /** Means of the squares, and of the sizes without sign. */
  readonly squares: Float64Array;
  readonly sizes: Float64Array;
  /** Number of places whose value is 0. */
  readonly zeros: Int32Array;
}

/** A layer's sizes for one picture; those without rows and columns have one place. */
export interface LayerSizes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** The sizes of a layer [N, C, H, W] or [N, C]. Throws `bad-option` for another rank, such as tokens'. */
export function layerSizes(name: string, dims: readonly number[]): LayerSizes {
  const [, channels, height = 1, width = 1] = dims;
  if (channels !== undefined && (dims.length === 2 || dims.length === 4)) {
    return { channels, height, width };
  }
  throw new LimpidError(
    "bad-option",
    `activations: "${name}" must have channels, [N, C, H, W] or [N, C], got ${formatShape(dims)}. choose another layer.`,
  );
}

/** The summary of row `row` of float32 values [N, C, H, W] or [N, C]. */
export function summarise(values: Tensor, row: number): PictureSummary {
  const { channels, height, width } = layerSizes("values", values.dims);
  const places = height * width;
  const data = values.data as Float32Array;
  const summary: PictureSummary = {
    maxima: new Float32Array(channels),
    places: new Int32Array(channels),
    means: new Float64Array(channels),
    squares: new Float64Array(channels),
    sizes: new Float64Array(channels),
    zeros: new Int32Array(channels),
  };
  for (let c = 0; c < channels; c++) {
    const start = (row * channels + c) * places;
    let [max, at, sum, square, size, zeros] = [Number.NEGATIVE_INFINITY, 0, 0, 0, 0, 0];
    for (let i = 0; i < places; i++) {
      const value = data[start + i]!;
      sum += value;
      square += value * value;
      size += Math.abs(value);
      if (value === 0) zeros += 1;
      if (value > max) {
        max = value;
        at = i;
      }
    }
    summary.maxima[c] = Number.isNaN(sum) ? Number.NaN : max;
    summary.places[c] = at;
    summary.means[c] = sum / places;
    summary.squares[c] = square / places;
    summary.sizes[c] = size / places;
    summary.zeros[c] = zeros;
  }
  return summary;
}

/**
 * How many channels carry the activity, 1 to all: (sum of m)^2 / sum of m^2, m being a channel's mean size (the
 * sparseness of Treves and Rolls 1991, "What determines the capacity of autoassociative memories in the brain?", times
 * the number of channels). 0 if all are 0 everywhere.
 */
export function effectiveChannels({ sizes }: PictureSummary): number {
  let [sum, squares] = [0, 0];
  for (const size of sizes) {
    sum += size;
    squares += size * size;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}
