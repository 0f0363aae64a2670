/** @file Pictures from spectra: the inverse real Fourier transform as matrix products, which every runtime can run and differentiate. */
import type { GraphBuilder, Value } from "../graph/builder.ts";

/** Number of stored frequencies along the last axis of a real transform. */
export function halfWidth(width: number): number {
  return Math.floor(width / 2) + 1;
}

/** Length of each frequency of a half spectrum [height, halfWidth(width)] in cycles a pixel, row-major. */
export function frequencies(height: number, width: number): Float64Array {
  const columns = halfWidth(width);
  const result = new Float64Array(height * columns);
  for (let y = 0; y < height; y++) {
    const fy = (y <= height / 2 ? y : y - height) / height;
    for (let x = 0; x < columns; x++) result[y * columns + x] = Math.hypot(fy, x / width);
  }
  return result;
}

/**
 * The picture of a half spectrum: inverse 2-D real Fourier transform with the factor 1 / (height * width).
 * `spectrum` is [N, C, 2 * height, halfWidth(width)], real parts over imaginary parts; the result is
 * [N, C, height, width].
 */
export function inverseRealFourier(
  b: GraphBuilder,
  spectrum: Value,
  height: number,
  width: number,
): Value {
  const columns = halfWidth(width);
  const type = spectrum.type === "float64" ? "float64" : "float32";
  const vertical = b.constant(verticalMatrix(height), [2 * height, 2 * height], type);
  const [cosines, sines] = horizontalMatrices(width);
  const rows = b.op("MatMul", [vertical, spectrum]);
  const [real, imaginary] = b.ops("Split", [rows, b.ints([height, height])], 2, { axis: 2 });
  return b.add(
    b.op("MatMul", [real!, b.constant(cosines, [columns, width], type)]),
    b.op("MatMul", [imaginary!, b.constant(sines, [columns, width], type)]),
  );
}

/**
 * The half spectrum of a picture [height, width]: forward 2-D real Fourier transform without a factor,
 * [2 * height, halfWidth(width)], real parts over imaginary parts: what `inverseRealFourier` makes the picture of.
 */
export function realFourier(plane: Float32Array, height: number, width: number): Float32Array {
  const columns = halfWidth(width);
  const [acrossCos, acrossSin] = waves(width);
  const rows = [new Float64Array(height * columns), new Float64Array(height * columns)] as const;
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < columns; k++) {
      let [real, imaginary] = [0, 0];
      for (let x = 0; x < width; x++) {
        const value = plane[y * width + x]!;
        real += value * acrossCos[(k * x) % width]!;
        imaginary -= value * acrossSin[(k * x) % width]!;
      }
      rows[0][y * columns + k] = real;
      rows[1][y * columns + k] = imaginary;
    }
  }
  return columnSpectrum(rows, height, columns);
}

/** The transform of each column of complex rows. */
function columnSpectrum(
  [reals, imaginaries]: readonly [Float64Array, Float64Array],
  height: number,
  columns: number,
): Float32Array {
  const [cosines, sines] = waves(height);
  const spectrum = new Float32Array(2 * height * columns);
  for (let f = 0; f < height; f++) {
    for (let k = 0; k < columns; k++) {
      let [real, imaginary] = [0, 0];
      for (let y = 0; y < height; y++) {
        const [cosine, sine] = [cosines[(f * y) % height]!, sines[(f * y) % height]!];
        const [a, b] = [reals[y * columns + k]!, imaginaries[y * columns + k]!];
        real += a * cosine + b * sine;
        imaginary += b * cosine - a * sine;
      }
      spectrum[f * columns + k] = real;
      spectrum[(height + f) * columns + k] = imaginary;
    }
  }
  return spectrum;
}

/** Cosine and sine of 2 pi i / length. */
function waves(length: number): readonly [Float64Array, Float64Array] {
  const angles = Float64Array.from({ length }, (_, i) => (2 * Math.PI * i) / length);
  return [angles.map(Math.cos), angles.map(Math.sin)];
}

/** exp(2 pi i y k / height) / height as a real matrix over stacked real and imaginary parts. */
function verticalMatrix(height: number): Float64Array {
  const size = 2 * height;
  const matrix = new Float64Array(size * size);
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < height; k++) {
      const angle = (2 * Math.PI * ((y * k) % height)) / height;
      const cosine = Math.cos(angle) / height;
      const sine = Math.sin(angle) / height;
      matrix[y * size + k] = cosine;
      matrix[y * size + height + k] = -sine;
      matrix[(y + height) * size + k] = sine;
      matrix[(y + height) * size + height + k] = cosine;
    }
  }
  return matrix;
}

/** What real and imaginary parts give to each column; frequencies that stand for two count twice. */
function horizontalMatrices(width: number): readonly [Float64Array, Float64Array] {
  const columns = halfWidth(width);
  const cosines = new Float64Array(columns * width);
  const sines = new Float64Array(columns * width);
  for (let k = 0; k < columns; k++) {
    const count = k === 0 || 2 * k === width ? 1 : 2;
    for (let x = 0; x < width; x++) {
      const angle = (2 * Math.PI * ((k * x) % width)) / width;
      cosines[k * width + x] = (count * Math.cos(angle)) / width;
      sines[k * width + x] = (-count * Math.sin(angle)) / width;
    }
  }
  return [cosines, sines];
}
