/** @file Symmetric systems of equations, by Cholesky's decomposition in float64. */

/** Smallest pivot of a system that is still solved, as a share of its diagonal element. */
const smallestPivot = 1e-12;

/**
 * Makes of a symmetric matrix [size, size], of which the lower half is given, its lower triangular factor in place. Undefined
 * if the matrix leaves an unknown open.
 */
export function triangularFactor(matrix: Float64Array, size: number): Float64Array | undefined {
  const at = (i: number, j: number) => matrix[i * size + j]!;
  for (let j = 0; j < size; j++) {
    const whole = at(j, j);
    let pivot = whole;
    for (let k = 0; k < j; k++) pivot -= at(j, k) ** 2;
    if (!(pivot > smallestPivot * whole)) return undefined;
    matrix[j * size + j] = Math.sqrt(pivot);
    for (let i = j + 1; i < size; i++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      matrix[i * size + j] = sum / at(j, j);
    }
  }
  return matrix;
}

/** Solves a system whose factor is known; `right` [size] becomes the solution. */
export function solveFactored(
  factor: Float64Array,
  right: Float64Array,
  size: number,
): Float64Array {
  const at = (i: number, j: number) => factor[i * size + j]!;
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) right[i]! -= at(i, k) * right[k]!;
    right[i]! /= at(i, i);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) right[i]! -= at(k, i) * right[k]!;
    right[i]! /= at(i, i);
  }
  return right;
}
