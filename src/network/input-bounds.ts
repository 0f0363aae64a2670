/** @file Which pictures a network takes that keeps its input's numbers between bounds before anything else. */
import { operatorsWith } from "../graph/operators.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { preprocessings, type Preprocessing } from "../image/preprocess.ts";
import { GraphReader } from "./graph-reader.ts";

/** The least and the most that comes through. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** The numbers between which the first nodes keep an input; infinite where they do not. */
export function inputBounds(graph: Graph): Bounds {
  const reader = new GraphReader(graph);
  let [value, least, most] = [graph.inputs[0]!.name, -Infinity, Infinity];
  for (;;) {
    const readers = graph.nodes.filter(({ inputs }) => inputs.includes(value));
    const [node] = readers;
    if (!node || readers.length > 1 || node.domain !== "") return { least, most };
    const own = boundsOf(reader, node, value);
    if (!own) return { least, most };
    [least, most] = [Math.max(least, own.least), Math.min(most, own.most)];
    value = node.outputs[0]!;
  }
}

/** What a node keeps a value between; undefined for one that does anything else. */
function boundsOf(
  reader: GraphReader,
  { operator, inputs }: Node,
  value: string,
): Bounds | undefined {
  if (operator === "Clip" && inputs[0] === value) {
    const [least = -Infinity, most = Infinity] = [inputs[1], inputs[2]].map((name) =>
      name ? reader.scalarOf(name) : undefined,
    );
    return { least, most };
  }
  if (operator === "Max" || operator === "Min") {
    const [bound] = inputs.filter((name) => name !== value).map((name) => reader.scalarOf(name));
    if (inputs.length !== 2 || bound === undefined) return undefined;
    const isLeast = operator === "Max";
    return { least: isLeast ? bound : -Infinity, most: isLeast ? Infinity : bound };
  }
  const isSame = operatorsWith("shapeOnly").has(operator) && operator !== "Cast";
  return isSame || operator === "Transpose" ? { least: -Infinity, most: Infinity } : undefined;
}

/** The preprocessing, `unit`, `none` or `tf`, whose pictures have the same bounds; undefined for other bounds. */
export function rangeWithin({ least, most }: Bounds): Preprocessing | undefined {
  const { unit, none, tf } = preprocessings;
  const usual = [
    { how: unit, ends: [0, 1] },
    { how: none, ends: [0, 255] },
    { how: tf, ends: [-1, 1] },
  ] as const;
  const isNear = (bound: number, [from, to]: readonly [number, number], end: 0 | 1) =>
    Math.abs(bound - [from, to][end]!) <= 1e-3 * (to - from);
  return usual.find(({ ends }) => isNear(least, ends, 0) && isNear(most, ends, 1))?.how;
}
