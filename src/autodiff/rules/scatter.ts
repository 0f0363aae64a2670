/** @file The gradients of writing elements at indices, for every way of combining what falls together. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { NodeView } from "../rule.ts";

/** A ScatterElements, or what stands for one. */
export interface Scatter {
  readonly x: Value;
  /** Built only where the gradient needs it. */
  readonly y: () => Value;
  readonly dy: Value;
  readonly indices: Value;
  readonly updates: Value;
  readonly axis: number;
  readonly reduction: "none" | "add" | "mul" | "max" | "min";
}

/** The gradients of x and of the updates; `null` where they are not needed. */
export interface ScatterGradients {
  readonly x: Value | null;
  readonly updates: Value | null;
}

/**
 * Written elements take dy from x; added ones share it; a product gives each factor dy times the others;
 * the largest (or smallest) gets dy, divided evenly where several are equal, as in PyTorch's scatter_reduce.
 */
export function scatterGradient(n: NodeView, b: GraphBuilder, s: Scatter): ScatterGradients {
  if (s.reduction === "mul") return productGradient(n, b, s);
  if (s.reduction === "max" || s.reduction === "min") return extremeGradient(n, b, s);
  const nil = () => b.fill(s.updates.dims, 0, s.dy.type);
  const dx = () => (s.reduction === "add" ? s.dy : write(b, s, s.dy, nil(), "none"));
  return { x: n.needs(0) ? dx() : null, updates: n.needs(2) ? read(b, s, s.dy) : null };
}

function read(b: GraphBuilder, s: Scatter, value: Value): Value {
  return b.op("GatherElements", [value, s.indices], { axis: s.axis });
}

function write(
  b: GraphBuilder,
  s: Scatter,
  onto: Value,
  updates: Value,
  reduction: Scatter["reduction"],
): Value {
  return b.op("ScatterElements", [onto, s.indices, updates], { axis: s.axis, reduction });
}

/** With a factor of zero the others' product cannot be found by division: zeros are counted apart. */
function productGradient(n: NodeView, b: GraphBuilder, s: Scatter): ScatterGradients {
  const zero = b.scalar(0, s.dy.type);
  const one = b.scalar(1, s.dy.type);
  const x = b.cast(s.x, s.dy.type);
  const updates = b.cast(s.updates, s.dy.type);
  const ones = b.fill(s.x.dims, 1, s.dy.type);
  const dx = n.needs(0) ? b.mul(s.dy, write(b, s, ones, updates, "mul")) : null;
  if (!n.needs(2)) return { x: dx, updates: null };
  const isZero = b.op("Equal", [updates, zero]);
  const nonzero = b.where(isZero, one, updates);
  const zeroCount = b.where(isZero, one, zero);
  const zeros = write(b, s, b.fill(s.x.dims, 0, s.dy.type), zeroCount, "add");
  const otherZeros = b.sub(read(b, s, zeros), zeroCount);
  const whole = read(b, s, b.mul(s.dy, write(b, s, x, nonzero, "mul")));
  const others = b.div(whole, nonzero);
  return { x: dx, updates: b.where(b.greater(otherZeros, zero), zero, others) };
}

function extremeGradient(n: NodeView, b: GraphBuilder, s: Scatter): ScatterGradients {
  const zero = b.scalar(0, s.dy.type);
  const one = b.scalar(1, s.dy.type);
  const y = s.y();
  const fromX = b.where(b.op("Equal", [s.x, y]), one, zero);
  const fromUpdates = b.where(b.op("Equal", [s.updates, read(b, s, y)]), one, zero);
  const winners = write(b, s, fromX, fromUpdates, "add");
  const share = b.div(s.dy, winners);
  return {
    x: n.needs(0) ? b.mul(share, fromX) : null,
    updates: n.needs(2) ? b.mul(read(b, s, share), fromUpdates) : null,
  };
}
