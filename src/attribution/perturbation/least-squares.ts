/** @file Weighted least squares. */
import { option, say } from "../../wording/face.ts";
import { LimpidError } from "../../errors.ts";
import { solveFactored, triangularFactor } from "../../symmetric-systems.ts";

/** `rows` is [count, features], row-major. */
export interface LeastSquares {
  readonly rows: Float64Array;
  readonly features: number;
  readonly targets: Float64Array;
  readonly weights: Float64Array;
  /** Added to the diagonal for each feature; 0 by default. */
  readonly ridge?: (feature: number) => number;
}

/**
 * The coefficients that minimise sum w (y - row . b)^2 + sum ridge b^2, by Cholesky's decomposition of the normal
 * equations in float64. Undefined if the rows leave a coefficient open.
 */
export function leastSquares(problem: LeastSquares): Float64Array | undefined {
  const { rows, features, targets, weights, ridge = () => 0 } = problem;
  const normal = new Float64Array(features * features);
  const right = new Float64Array(features);
  for (const [n, weight] of weights.entries()) {
    const row = rows.subarray(n * features, (n + 1) * features);
    for (let i = 0; i < features; i++) {
      const scaled = weight * row[i]!;
      if (scaled === 0) continue;
      right[i]! += scaled * targets[n]!;
      for (let j = 0; j <= i; j++) normal[i * features + j]! += scaled * row[j]!;
    }
  }
  for (let i = 0; i < features; i++) normal[i * features + i]! += ridge(i);
  return solveSymmetric(normal, right, features);
}

/** Throws `bad-option` for rows that leave a coefficient open. */
export function tooFew(features: number): never {
  throw new LimpidError(
    "bad-option",
    say`samples: there must be enough for ${features} unknowns, got too few different ones. raise ${option("samples")} or lower ${option("segments")}.`,
  );
}

/**
 * Solves a symmetric system [size, size] of which the lower half is given, by Cholesky's decomposition; both arguments are used
 * up. Undefined if it leaves an unknown open.
 */
export function solveSymmetric(
  matrix: Float64Array,
  right: Float64Array,
  size: number,
): Float64Array | undefined {
  const factor = triangularFactor(matrix, size);
  return factor && solveFactored(factor, right, size);
}
