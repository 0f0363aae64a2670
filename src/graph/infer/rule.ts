/** @file What a shape rule is, and the arithmetic of shapes that rules share. */
import { internalError } from "../../errors.ts";
import type { AttributeReader } from "../attributes.ts";
import type { ValueShape } from "../graph.ts";
import { formatShape, type ElementType } from "../tensor.ts";
import { largest } from "../../statistics.ts";

/** What an inference sees of a node. */
export interface InferenceContext {
  readonly operator: string;
  readonly attributes: AttributeReader;
  readonly outputCount: number;
  /** Type and shape of input `i`; throws if it was left out. */
  in(i: number): ValueShape;
  has(i: number): boolean;
  readonly inputCount: number;
  /** The numbers of input `i`, which must be a constant. */
  constant(i: number): readonly number[];
}

/** Types and shapes of the outputs of a node. */
export type Infer = (c: InferenceContext) => readonly ValueShape[];

/** Shape rules by operator. */
export type InferTable = Readonly<Record<string, Infer>>;

/** The broadcast of shapes under NumPy's rules. Throws `internal` if they do not fit. */
export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] {
  const rank = largest(shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const dim = shape[axis - rank + shape.length] ?? 1;
      if (dim === 1) continue;
      if (size !== 1 && size !== dim) {
        throw internalError(
          "broadcastShapes",
          `${shapes.map(formatShape).join(" and ")} do not fit`,
        );
      }
      size = dim;
    }
    return size;
  });
}

/** An axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** One output of a type and shape. */
export function shape(type: ElementType, dims: readonly number[]): readonly ValueShape[] {
  return [{ type, dims }];
}

/** A shape without some axes, or with size 1 there. */
export function reducedShape(
  dims: readonly number[],
  axes: readonly number[],
  keep: boolean,
): number[] {
  if (keep) return dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return dims.filter((_, axis) => !axes.includes(axis));
}

/** Sizes with another one along an axis. */
export function resized(dims: readonly number[], axis: number, size: number): readonly number[] {
  const place = positiveAxis(axis, dims.length);
  if (dims[place] !== undefined) return dims.with(place, size);
  throw internalError("resized", `${formatShape(dims)} has no axis ${axis}`);
}
