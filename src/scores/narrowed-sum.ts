/** @file A weighted sum of a joined value's numbers as one of the part that alone can be meant. */
import { AttributeReader } from "../graph/attributes.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { elementCount } from "../graph/tensor.ts";
import { GraphReader } from "../network/graph-reader.ts";

/** Numbers of a picture's row of a value, row-major. */
interface Row {
  readonly value: string;
  readonly weights: Float32Array;
  /** 1 for each number that a weight of other pictures may lie on. */
  readonly meant: Uint8Array;
}

/** Exact sizes by values. */
type Shapes = Graph["shapes"];

/**
 * The same sum of the smallest value that holds all numbers that can be meant: a detector joins its scores to its boxes,
 * and what makes the boxes is no part of what makes a score. Follows Concat to the only input that counts, and what turns
 * or names a table anew; stays where it is if several inputs count, or sizes are not known.
 */
export function narrowedSum(
  graph: Graph,
  row: Row,
  shapes: Shapes,
): Pick<Row, "value" | "weights"> {
  const reader = new GraphReader(graph);
  let { value, weights, meant } = row;
  while (!meant.every((each) => each === 1)) {
    const node = reader.makerOf(value);
    const before = node && rowBefore(node, { value, weights, meant }, shapes);
    if (!before) break;
    ({ value, weights, meant } = before);
  }
  return { value, weights };
}

function rowBefore(node: Node, row: Row, shapes: Shapes): Row | undefined {
  const [first] = node.inputs;
  if (node.operator === "Identity") return { ...row, value: first! };
  const dims = shapes.get(row.value)?.dims;
  if (!dims || elementCount(dims.slice(1)) !== row.weights.length) return undefined;
  if (node.operator === "Concat") return onlyPart(node, row, dims, shapes);
  if (node.operator !== "Transpose" || dims.length !== 3) return undefined;
  const isTable = new AttributeReader(node).ints("perm").join() === "0,2,1";
  if (!isTable) return undefined;
  const [, rows, columns] = dims as [number, number, number];
  const turned = (i: number) => (i % rows) * columns + Math.floor(i / rows);
  return {
    value: first!,
    weights: row.weights.map((_, i) => row.weights[turned(i)]!),
    meant: row.meant.map((_, i) => row.meant[turned(i)]!),
  };
}

/** The input of a Concat that holds all that is meant; undefined where several do. */
function onlyPart(node: Node, row: Row, dims: readonly number[], shapes: Shapes): Row | undefined {
  const given = new AttributeReader(node).int("axis", 0);
  const axis = given < 0 ? given + dims.length : given;
  if (axis === 0) return undefined;
  const inner = elementCount(dims.slice(axis + 1));
  const step = dims[axis]! * inner;
  const found: Row[] = [];
  let from = 0;
  for (const value of node.inputs) {
    const size = shapes.get(value)?.dims[axis];
    if (size === undefined) return undefined;
    const [first, end] = [from * inner, (from + size) * inner];
    const isIn = (_: unknown, i: number) => i % step >= first && i % step < end;
    const meant = row.meant.filter(isIn);
    if (meant.includes(1)) found.push({ value, weights: row.weights.filter(isIn), meant });
    from += size;
  }
  return found.length === 1 ? found[0] : undefined;
}
