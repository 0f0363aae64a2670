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
