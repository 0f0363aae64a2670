/** @file ReLU in other spellings, as Relu: methods that bend or redirect rectifiers shall find them all. */
import { cut } from "../edit.ts";
import { producers, type Graph, type Node } from "../graph.ts";
import { isRectifier } from "../rectifiers.ts";
import { tensor, toNumbers, type Tensor } from "../tensor.ts";
import { rectifierSpellings, type Bounded, type SpellingView } from "./rectifier-spellings.ts";

/**
 * The traced graph with every node that computes max(x, 0) or min(max(x, 0), 6) in a way of the table as a `Relu`, or as a
 * `Clip` from 0 to 6. Values keep their names; what only the spelling needed is gone.
 */
export function withPlainRectifiers(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  const known = new Map<string, Bounded>();
  const look = lookInto(graph, known);
  let isChanged = false;
  const nodes = graph.nodes.map((node): Node => {
    const output = node.outputs[0]!;
    const found = spelled(node, look);
    // A constant of higher rank would widen x.
    const isSameShape = (value: string) =>
      graph.shapes.get(value)?.dims.join() === graph.shapes.get(output)?.dims.join();
    if (!found || !isSameShape(found.of)) return node;
    known.set(output, found);
    const isPlain = found.floor === 0 && (found.ceiling === 6 || found.ceiling === Infinity);
    const isSpelled =
      isRectifier(node, graph.initializers) &&
      (node.operator === "Clip" || found.ceiling === Infinity);
    if (!isPlain || isSpelled) return node;
    isChanged = true;
    return rectifier(node, found, graph, initializers);
  });
  if (!isChanged) return graph;
  const changed = { ...graph, nodes, initializers };
  const outputs = graph.outputs.map(({ name }) => name);
  return { ...cut(changed, { outputs }), inputs: graph.inputs, outputs: graph.outputs };
}

function spelled(node: Node, look: Omit<SpellingView, "node">): Bounded | undefined {
  if (node.domain !== "" || !Object.hasOwn(rectifierSpellings, node.operator)) return undefined;
  return rectifierSpellings[node.operator]!({ ...look, node });
}

/** Constants with more elements than this are weights, no bounds. */
const mostElements = 1 << 16;

function lookInto(graph: Graph, known: ReadonlyMap<string, Bounded>): Omit<SpellingView, "node"> {
  const makers = producers(graph);
  const numbers = new Map<string, number | undefined>();
  const numberOf = (name: string): number | undefined => {
    const value = graph.initializers.get(name);
    if (!value || value.type === "string") return undefined;
    const count = value.data.length;
    if (count === 0 || count > mostElements) return undefined;
    const [first, ...others] = toNumbers(value);
    return others.every((other) => other === first) ? first : undefined;
  };
  return {
    maker: (value) => {
      const node = makers.get(value ?? "");
      return node?.domain === "" ? node : undefined;
    },
    number: (value = "") => {
      if (!numbers.has(value)) numbers.set(value, numberOf(value));
      return numbers.get(value);
    },
    bounded: (value) => known.get(value) ?? { of: value, floor: -Infinity, ceiling: Infinity },
  };
}

function rectifier(
  node: Node,
  { of, ceiling }: Bounded,
  graph: Graph,
  initializers: Map<string, Tensor>,
): Node {
  const base = { ...node, attributes: {}, outputs: node.outputs.slice(0, 1) };
  if (ceiling === Infinity) return { ...base, operator: "Relu", inputs: [of] };
  const isDouble = graph.shapes.get(of)?.type === "float64";
  const bounds = [0, ceiling].map((bound) => {
    const name = `${node.name}/bound-${bound}`;
    const value = isDouble
      ? tensor("float64", [], Float64Array.of(bound))
      : tensor("float32", [], Float32Array.of(bound));
    initializers.set(name, value);
    return name;
  });
  return { ...base, operator: "Clip", inputs: [of, ...bounds] };
}
