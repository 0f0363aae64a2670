/** @file Inputs that several families of operators are checked with. */
import { elementCount } from "../../../src/graph/tensor.ts";
import type { InputSpec } from "../row.ts";

/** Elements between -3 and 3, of which none is closer to another, or half as close to 0, than they are spaced. */
export function distinct(...dims: readonly number[]): InputSpec {
  const count = elementCount(dims);
  const low = (6 / count) * (0.5 - Math.floor(count / 2));
  return { dims, spaced: true, low, high: low + 6 };
}

/** Elements that all differ from zero, for powers of magnitudes. */
export function nonzero(...dims: readonly number[]): InputSpec {
  return { dims, away: [0] };
}

/** A constant, whose gradient is nobody's question. */
export function fixed(...dims: readonly number[]): InputSpec {
  return { dims, constant: true };
}
