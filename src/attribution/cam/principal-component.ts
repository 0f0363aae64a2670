/** @file The direction in which the channels of a feature map vary most. */
import { randomStream } from "../../random.ts";

/** Power iteration stops when its vector moves less, or after so many steps; equal directions are all right. */
const tolerance = 1e-12;
const mostSteps = 10_000;

/**
 * The first right singular vector of a matrix whose columns are channels, given as [channels, places], of
 * length 1; its sign is left open. It is found in float64 by power iteration on the smaller Gram matrix.
 */
export function principalChannels(
  columns: ArrayLike<number>,
  channels: number,
  places: number,
): Float64Array {
  const overChannels = channels <= places;
  const gram = gramMatrix(columns, channels, places, overChannels);
  const vector = topEigenvector(gram, Math.min(channels, places));
  if (overChannels) return vector;
  const projected = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < places; p++) projected[c]! += columns[c * places + p]! * vector[p]!;
  }
  return normalised(projected);
}

/** Products of channels with channels, or of places with places, [size, size]. */
function gramMatrix(
  columns: ArrayLike<number>,
  channels: number,
  places: number,
  overChannels: boolean,
): Float64Array {
  const [size, length] = overChannels ? [channels, places] : [places, channels];
  const [step, stride] = overChannels ? [places, 1] : [1, places];
  const gram = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) {
        sum += columns[i * step + k * stride]! * columns[j * step + k * stride]!;
      }
      gram[i * size + j] = sum;
      gram[j * size + i] = sum;
    }
  }
  return gram;
}

/** Starts from noise: any vector of the matrix's own may happen to have nothing of the one sought. */
function topEigenvector(matrix: Float64Array, size: number): Float64Array {
  const random = randomStream("principal");
  let vector = normalised(Float64Array.from({ length: size }, () => random.normal()));
  for (let step = 0; step < mostSteps; step++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += matrix[i * size + j]! * vector[j]!;
      next[i] = sum;
    }
    const moved = normalised(next);
    const change = moved.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - vector[i]!)),
      0,
    );
    vector = moved;
    if (change < tolerance) break;
  }
  return vector;
}

function normalised(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
