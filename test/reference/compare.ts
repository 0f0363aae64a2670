/** @file Compares arrays and says where they differ most. */
import { formatShape } from "../../src/graph/tensor.ts";
import { positions, type NdArray } from "./ndarray.ts";

/**
 * Throws unless both arrays have the same type and shape and every element differs by at most
 * `tolerance` times the largest finite element of `expected` (at least `floor`). Infinities and NaN
 * must be equal.
 */
export function assertClose(
  actual: NdArray,
  expected: NdArray,
  tolerance: number,
  what: string,
  floor = 1e-3,
): void {
  if (actual.type !== expected.type || String(actual.dims) !== String(expected.dims)) {
    throw new Error(
      `${what}: expected ${expected.type}${formatShape(expected.dims)}, got ${actual.type}${formatShape(actual.dims)}`,
    );
  }
  const largest = expected.data.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    floor,
  );
  let worst = { excess: tolerance * largest, index: -1 };
  for (const [i, value] of actual.data.entries()) {
    const other = expected.data[i]!;
    const excess = Object.is(value, other) || value === other ? 0 : Math.abs(value - other);
    if (!(excess <= worst.excess)) worst = { excess, index: i };
    if (Number.isNaN(excess)) break;
  }
  if (worst.index < 0) return;
  const position = [...positions(expected.dims)][worst.index]!;
  throw new Error(
    `${what}: at ${formatShape(position)} expected ${expected.data[worst.index]}, got ${actual.data[worst.index]} (largest element ${largest}, tolerance ${tolerance})`,
  );
}
