/** @file A building block: the product with a constant matrix along one axis. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";

/** The product with a constant row-major matrix [from, to] along an axis: [.., from, ..] -> [.., to, ..]. */
export function productAlong(
  b: GraphBuilder,
  value: Value,
  axis: number,
  matrix: ArrayLike<number>,
  size: readonly [number, number],
): Value {
  const type = value.type === "float64" ? "float64" : "float32";
  const rank = value.dims.length;
  if (axis === rank - 1) {
    return b.op("MatMul", [value, b.cast(b.constant(matrix, size, type), value.type)]);
  }
  const [from, to] = size;
  const turned = Float64Array.from({ length: from * to }, (_, i) => {
    return matrix[(i % from) * to + Math.floor(i / from)]!;
  });
  const left = b.cast(b.constant(turned, [to, from], type), value.type);
  if (axis === rank - 2) return b.op("MatMul", [left, value]);
  const before = value.dims.slice(0, axis);
  const after = value.dims.slice(axis + 1);
  const flat = b.reshape(value, [...before, from, elementCount(after)]);
  return b.reshape(b.op("MatMul", [left, flat]), [...before, to, ...after]);
}
