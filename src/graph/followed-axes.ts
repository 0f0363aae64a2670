/** @file How the axes of a network's input move through operators that leave them whole. */
import type { AttributeReader } from "./attributes.ts";
import type { Dimension, Graph, Node } from "./graph.ts";
import { hasTrait } from "./operators.ts";
import { toNumbers } from "./tensor.ts";
import { largest } from "../statistics.ts";

/** For every axis of a value the axis of the input that lies there; undefined for one that is mixed or new. */
export type Origin = readonly (number | undefined)[];

/** A node that reads a value whose axes are known. */
export interface Step {
  readonly graph: Graph;
  readonly node: Node;
  readonly reader: AttributeReader;
  readonly origin: Origin;
  readonly dims: readonly Dimension[];
}

/** The numbers of a constant input. */
export function constantOf({ graph, node }: Step, i: number): readonly number[] | undefined {
  const known = graph.initializers.get(node.inputs[i] ?? "");
  return known && toNumbers(known);
}

/** Operators beside the element by element ones that leave each axis in its place. */
const keepsAxes: ReadonlySet<string> = new Set([
  ..."Cast Concat DequantizeLinear DynamicQuantizeLinear Max Min Neg Pad Pow QuantizeLinear Resize Slice".split(
    " ",
  ),
  ..."Softmax Split Sum Mean LayerNormalization LpNormalization Expand Where".split(" "),
]);

export function isElementwise(node: Node): boolean {
  return hasTrait(node, "elementwise") || hasTrait(node, "inPlace") || node.operator === "Sum";
}

/** The axes of a node's outputs; undefined where they are lost. */
export function followed(step: Step, origins: ReadonlyMap<string, Origin>): Origin | undefined {
  const { node, reader, origin } = step;
  switch (node.operator) {
    case "Transpose": {
      const reversed = origin.map((_, axis) => origin.length - 1 - axis);
      return reader.ints("perm", reversed).map((axis) => origin[axis]);
    }
    case "Squeeze":
      return squeezed(step);
    case "Unsqueeze":
      return unsqueezed(step);
    case "Reshape":
      return reshaped(step);
    case "Gather":
      return (constantOf(step, 1)?.length ?? 1) > 1 ? origin : undefined;
    default:
  }
  if (!isElementwise(node) && !keepsAxes.has(node.operator)) return undefined;
  const all = node.inputs.flatMap((name) => {
    const other = origins.get(name);
    return other ? [other] : [];
  });
  const rank = largest(all.map((other) => other.length));
  return Array.from({ length: rank }, (_, i) => {
    const axes = new Set(all.map((other) => other.at(i - rank)));
    return axes.size === 1 ? [...axes][0] : undefined;
  });
}

function squeezed(step: Step): Origin | undefined {
  const { origin } = step;
  const axes = constantOf(step, 1)?.map((axis) => (axis < 0 ? axis + origin.length : axis));
  return axes && origin.filter((_, axis) => !axes.includes(axis));
}

function unsqueezed(step: Step): Origin | undefined {
  const { origin } = step;
  const asked = constantOf(step, 1);
  if (!asked) return undefined;
  const rank = origin.length + asked.length;
  const axes = new Set(asked.map((axis) => (axis < 0 ? axis + rank : axis)));
  const left = [...origin];
  return Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? undefined : left.shift()));
}

/** A reshape that only moves axes of size 1 is a transposition, and exported as one or the other. */
function reshaped(step: Step): Origin | undefined {
  const { origin, dims } = step;
  const asked = constantOf(step, 1);
  const sizes = origin.map((axis) => (axis === undefined ? "?" : (dims[axis] ?? "?")));
  if (!asked || asked.length < 3) return undefined;
  const to = asked.slice(1).map((size, i) => (size === 0 ? sizes[i + 1]! : size));
  const wide = (list: readonly Dimension[]) => list.filter((size) => size !== 1);
  const [before, after] = [wide(sizes.slice(1)), wide(to)];
  const isSame = (size: Dimension, i: number) => size === after[i] || after[i] === -1;
  if (before.length !== after.length || !before.every(isSame)) return undefined;
  const inner = origin.slice(1);
  const wideAxes = inner.filter((_, i) => sizes[i + 1] !== 1);
  const narrow = inner.filter((_, i) => sizes[i + 1] === 1);
  return [origin[0], ...to.map((size) => (size === 1 ? narrow.shift() : wideAxes.shift()))];
}
