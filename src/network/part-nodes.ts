/** @file The nodes before a graph that give its inputs their parts of the picture, as a traced graph shows them. */
import type { Graph, Node } from "../graph/graph.ts";
import { hasTrait } from "../graph/operators.ts";
import { toNumbers } from "../graph/tensor.ts";

/** What is asked of a graph for each of its values is found once: a look through all nodes each time is a square of them. */
function onceForEach<T>(find: (graph: Graph) => T): (graph: Graph) => T {
  const known = new WeakMap<Graph, { readonly found: T }>();
  return (graph) => {
    const { found } = known.get(graph) ?? { found: find(graph) };
    known.set(graph, { found });
    return found;
  };
}

/** The names of the picture and of what is cut out of it. */
const pictureValues = onceForEach((graph): ReadonlySet<string> => {
  const input = graph.inputs[0]?.name ?? "";
  const cuts = graph.nodes.filter(
    ({ operator, inputs }) => operator === "Slice" && inputs[0] === input,
  );
  return new Set([input, ...cuts.flatMap(({ outputs }) => outputs)]);
});

/** What the node makes that unfolds a volume of the picture, [N, C, D, H, W] or without one of the first two; undefined for others. */
export function volumeDims(graph: Graph, node: Node): readonly number[] | undefined {
  if (node.operator !== "Reshape" || !pictureValues(graph).has(node.inputs[0] ?? ""))
    return undefined;
  const from = graph.shapes.get(node.inputs[0]!)?.dims ?? [];
  const to = graph.shapes.get(node.outputs[0]!)?.dims ?? [];
  const [depth, height, width] = to.slice(-3) as [number, number, number];
  const isVolume = from.length === 4 && depth * height === from[2] && width === from[3];
  return isVolume && to.length >= 4 && readsRank(graph, 5) ? to : undefined;
}

/** Whether a graph takes a volume. */
export const takesVolume = onceForEach((graph) =>
  graph.nodes.some((node) => volumeDims(graph, node) !== undefined),
);

/** Whether a graph takes a signal: its picture has one row, or what is cut out of it has, and loses that axis. */
export const takesSignal = onceForEach((graph): boolean => {
  const [input] = graph.inputs;
  if (graph.shapes.get(input?.name ?? "")?.dims[2] === 1) return true;
  const parts = pictureValues(graph);
  return graph.nodes.some(({ operator, inputs }) => {
    // Only then: second inputs of others are weights, millions of them.
    if (operator !== "Squeeze" || !parts.has(inputs[0] ?? "")) return false;
    const axes = graph.initializers.get(inputs[1] ?? "");
    return axes !== undefined && toNumbers(axes).includes(2);
  });
});

/** How many axes feature maps of a graph may have: 4, and others where it takes signals or volumes. */
export function mapRanks(graph: Graph): readonly number[] {
  return [4, ...(takesSignal(graph) ? [3] : []), ...(takesVolume(graph) ? [5] : [])];
}

/** Whether an operator with channels reads values of so many axes. */
function readsRank(graph: Graph, rank: number): boolean {
  return graph.nodes.some(
    (node) =>
      hasTrait(node, "channelsFirst") &&
      graph.shapes.get(node.inputs[0] ?? "")?.dims.length === rank,
  );
}
