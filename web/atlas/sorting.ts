/** @file The order of a layer's units. */
import type { AtlasUnit } from "../../src/atlas/site/site-data.ts";
import type { Order } from "./address.ts";

/** Numbers of units: by number, or the largest first; equal ones, and those without that figure at the end, by number. */
export function sorted(units: readonly AtlasUnit[], order: Order): readonly number[] {
  const numbers = units.map((_, unit) => unit);
  if (order === "number") return numbers;
  const sizes = units.map((unit) => sizeOf(unit, order));
  return numbers.toSorted((a, b) => compare(sizes[b]!, sizes[a]!) || a - b);
}

function sizeOf({ activation, zeroShare }: AtlasUnit, order: "activation" | "zeros"): number {
  const size = order === "activation" ? activation : zeroShare;
  return size === undefined || Number.isNaN(size) ? Number.NEGATIVE_INFINITY : size;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
