/** @file The gradient of Pad in its modes. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import { LimpidError } from "../../errors.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";

/** Pads of every axis: [begin, end]; negative ones crop. */
function axisPads(n: NodeView): readonly (readonly [number, number])[] {
  const { dims } = n.in(0);
  const pads = n.requireConstant(1, "pads");
  const axes = n.constant(3) ?? dims.map((_, axis) => axis);
  const result: [number, number][] = dims.map(() => [0, 0]);
  axes.forEach((asked, i) => {
    result[positiveAxis(asked, dims.length)] = [pads[i]!, pads[i + axes.length]!];
  });
  return result;
}

/** dx is the inner part of dy; dvalue is the sum of the outer part. Cropped elements get zero. */
function constantPad(n: NodeView, b: GraphBuilder): readonly (Value | null)[] {
  const pads = axisPads(n);
  const undone = [...pads.map(([begin]) => -begin), ...pads.map(([, end]) => -end)];
  const dx = b.op("Pad", [n.grad(0), b.ints(undone)]);
  if (!n.needs(2)) return [n.needs(0) ? dx : null];
  const all = n.grad(0).dims.map((_, axis) => axis);
  const total = b.reduceSum(n.grad(0), all, false);
  const value = b.sub(total, b.reduceSum(dx, all, false));
  return [dx, null, b.reshape(value, n.in(2).dims)];
}

/** Where each padded place reads from, or undefined for a mode that is not known. */
function sourceOf(mode: string, place: number, size: number): number | undefined {
  if (mode === "edge") return Math.min(Math.max(place, 0), size - 1);
  if (mode === "wrap") return ((place % size) + size) % size;
  if (mode !== "reflect") return undefined;
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const folded = ((place % period) + period) % period;
  return folded < size ? folded : period - folded;
}

/** Each padded axis is a product with a matrix that adds every place to its source. */
function mirroredPad(n: NodeView, b: GraphBuilder, mode: string): Value {
  let gradient = n.grad(0);
  const { dims } = n.in(0);
  axisPads(n).forEach(([begin, end], axis) => {
    if (begin === 0 && end === 0) return;
    const size = dims[axis]!;
    const length = size + begin + end;
    const matrix = new Float64Array(length * size);
    for (let place = 0; place < length; place++) {
      const source = sourceOf(mode, place - begin, size);
      if (source === undefined) {
        throw new LimpidError(
          "unsupported-operator",
          `differentiate: Pad "${n.node.name}" must have mode constant, edge, reflect or wrap, got "${mode}".`,
        );
      }
      matrix[place * size + source] = 1;
    }
    gradient = productAlong(b, gradient, axis, matrix, [length, size]);
  });
  return gradient;
}

/** The product with a constant matrix [from, to] along one axis. */
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
  const columns = after.reduce((product, dim) => product * dim, 1);
  const flat = b.reshape(value, [...before, from, columns]);
  return b.reshape(b.op("MatMul", [left, flat]), [...before, to, ...after]);
}

const pad: GradientRule = (n, b) => {
  const mode = n.string("mode", "constant");
  return mode === "constant" ? constantPad(n, b) : [mirroredPad(n, b, mode)];
};

export const padding = { Pad: pad } satisfies RuleTable;
