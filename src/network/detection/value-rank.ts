/** @file How many axes a value has, as far as the operators that lead to it tell. */
import { AttributeReader } from "../../graph/attributes.ts";
import type { Node } from "../../graph/graph.ts";
import type { GraphReader } from "../graph-reader.ts";

const known = new WeakMap<GraphReader, Map<string, number | undefined>>();

/** The axes of a value; undefined where neither its shape nor its operators tell. */
export function rankOf(reader: GraphReader, value: string): number | undefined {
  const ranks = known.get(reader) ?? new Map<string, number | undefined>();
  known.set(reader, ranks);
  if (!ranks.has(value)) ranks.set(value, rankFound(reader, value));
  return ranks.get(value);
}

function rankFound(reader: GraphReader, value: string): number | undefined {
  const { shapes, inputs, outputs } = reader.graph;
  const declared = [...inputs, ...outputs].find(({ name }) => name === value)?.dims;
  const dims = shapes.get(value)?.dims ?? reader.constantOf(value)?.dims ?? declared;
  if (dims) return dims.length;
  const node = reader.makerOf(value);
  return node && node.domain === "" ? rankBehind(reader, node) : undefined;
}

function rankBehind(reader: GraphReader, node: Node): number | undefined {
  const [first, second] = node.inputs as [string, string | undefined];
  const before = () => rankOf(reader, first);
  const count = (name: string | undefined) => reader.constantOf(name ?? "")?.dims[0];
  switch (node.operator) {
    case "Transpose":
      return new AttributeReader(node).ints("perm", []).length || before();
    case "Conv":
    case "ConvTranspose":
      return reader.constantOf(second ?? "")?.dims.length ?? before();
    case "Reshape":
      return lengthOf(reader, second!);
    case "Flatten":
    case "Gemm":
      return 2;
    case "Unsqueeze":
      return sum(before(), count(second));
    case "Squeeze":
      return sum(before(), negative(count(second)));
    case "Gather":
      return sum(sum(before(), -1), rankOf(reader, second!));
    default:
      return broadcasting.has(node.operator)
        ? mostAxes(node.inputs.map((name) => rankOf(reader, name)))
        : before();
  }
}

/** Operators of two values, of which the one with fewer axes is repeated. */
export const broadcasting: ReadonlySet<string> = new Set("Add Sub Mul Div Pow".split(" "));

function mostAxes(ranks: readonly (number | undefined)[]): number | undefined {
  return ranks.reduce((most, rank) =>
    most === undefined || rank === undefined ? undefined : Math.max(most, rank),
  );
}

/** How many numbers a list has that is a constant, or joined of lists. */
function lengthOf(reader: GraphReader, list: string): number | undefined {
  const constant = reader.constantOf(list);
  if (constant) return constant.dims[0];
  const node = reader.makerOf(list);
  if (node?.operator === "Shape") return rankOf(reader, node.inputs[0]!);
  if (node?.operator === "Slice") {
    const [start, end] = [node.inputs[1]!, node.inputs[2]!].map((name) => reader.scalarOf(name));
    const all = lengthOf(reader, node.inputs[0]!);
    if (start === undefined || end === undefined || all === undefined) return undefined;
    return Math.min(end, all) - start;
  }
  if (node?.operator === "Unsqueeze") return 1;
  if (node?.operator === "Cast") return lengthOf(reader, node.inputs[0]!);
  if (node?.operator !== "Concat") return undefined;
  return node.inputs.reduce<number | undefined>(
    (total, name) => sum(total, lengthOf(reader, name)),
    0,
  );
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function negative(a: number | undefined): number | undefined {
  return a === undefined ? undefined : -a;
}
