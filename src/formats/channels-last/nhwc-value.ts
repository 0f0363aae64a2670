/**
 * @file Values as TensorFlow has them, channels last, held channels first wherever a graph of ONNX wants them so. Networks
 * are built channels first at once; whoever looks at axes asks for the maker's order, which costs a Transpose only there.
 */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";

/**
 * A value of a graph, and how its maker has it. `held` is "last" where both are the same; "first" where the maker's
 * [N, ..., C] lies there as [N, C, ...]; "flat" where the maker's [N, places * C] lies there as [N, C * places].
 */
export interface NhwcValue {
  readonly value: Value;
  /** The maker's axes, the batch first, with 1 for an open one. */
  readonly dims: readonly number[];
  readonly held: "last" | "first" | "flat";
  /** Of a value that is held flat, the maker's [..., C] of one example before it was flattened. */
  readonly flattened?: readonly number[];
}

/** A value that lies in the graph as its maker has it. */
export function heldLast(value: Value): NhwcValue {
  return { value, dims: value.dims, held: "last" };
}

/** A value [N, C, ...], which the maker has as [N, ..., C]. */
export function heldFirst(value: Value): NhwcValue {
  const [n, c, ...places] = value.dims;
  return { value, dims: [n!, ...places, c!], held: "first" };
}

/** The order of axes that turns [N, ..., C] into [N, C, ...]. */
export function toFirst(rank: number): readonly number[] {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)];
}

/** The order of axes that turns [N, C, ...] into [N, ..., C]. */
export function toLast(rank: number): readonly number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}

/** The axis of `value.value` on which the maker's axis lies, which may count from the end. Values held flat have none. */
export function axisIn({ dims, held }: NhwcValue, axis: number): number {
  const rank = dims.length;
  const whole = axis < 0 ? axis + rank : axis;
  if (held !== "first") return whole;
  return toFirst(rank).indexOf(whole);
}

/** The value in its maker's order of axes. Nodes that this takes have names behind the builder's scope. */
export function makersOrder(b: GraphBuilder, x: NhwcValue): Value {
  if (x.held === "last") return x.value;
  if (x.held === "flat") {
    const flattened = x.flattened!;
    const places = flattened.slice(0, -1);
    const shape = b.ints([0, flattened.at(-1)!, ...places]);
    const first = b.op("Reshape", [x.value, shape]);
    const last = makersOrder(b, heldFirst(first));
    const flat = b.ints([0, elementCount(flattened)]);
    return b.op("Reshape", [last, flat]);
  }
  const [, ...inner] = x.dims;
  if (elementCount(inner.slice(0, -1)) === 1 || inner.at(-1) === 1) {
    return b.op("Reshape", [x.value, b.ints([0, ...inner])]);
  }
  return b.op("Transpose", [x.value], { perm: toLast(x.dims.length) });
}

/** The value as it is, or in its maker's order if it is held flat: all of the maker's axes lie somewhere in the graph. */
export function withAllAxes(b: GraphBuilder, x: NhwcValue): NhwcValue {
  return x.held === "flat" ? heldLast(makersOrder(b, x)) : x;
}

/** The value as [N, C, ...], as windows and normalisations want it. It must have three axes at least. */
export function channelsFirst(b: GraphBuilder, x: NhwcValue): Value {
  if (x.held === "first") return x.value;
  const rank = x.dims.length;
  const [, ...inner] = x.dims;
  const value = makersOrder(b, x);
  if (elementCount(inner.slice(0, -1)) === 1 || inner.at(-1) === 1) {
    const dims = [0, inner.at(-1)!, ...inner.slice(0, -1)];
    return b.op("Reshape", [value, b.ints(dims)]);
  }
  return b.op("Transpose", [value], { perm: toFirst(rank) });
}
