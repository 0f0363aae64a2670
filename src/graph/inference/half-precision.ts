/** @file Networks that compute in half precision, in float32. */
import { say } from "../../wording/face.ts";
import type { Attribute, Graph, Node, ValueInfo } from "../graph.ts";
import { tensor, toFloat32, type ElementType, type Tensor } from "../tensor.ts";
import type { FormedGraph } from "./inference-form.ts";
import { withSubgraphs } from "./subgraphs.ts";

/** Codes of ONNX's element types. */
const float = 1;
const halves: readonly number[] = [10, 16];

const typeAttributes = ["to", "dtype", "output_dtype"] as const;

function isHalf(type: ElementType | undefined): boolean {
  return type === "float16" || type === "bfloat16";
}

/**
 * The graph with float32 in the place of float16 and bfloat16. ONNX Runtime computes half precision in float32 between
 * casts on most processors, so that a value that is computed twice may differ, on which gradient rules of maxima and
 * bounds rest. Weights that are only stored in half precision are widened, which is no note.
 */
export function inFloat32(graph: Graph): FormedGraph {
  if (!usesHalf(graph)) return { graph, notes: [] };
  const computes = computesInHalf(graph);
  const widened = widen(graph);
  const note = say`the network computes in half precision; here it is computed in float32, from which its own numbers may differ in the third digit`;
  return { graph: widened, notes: computes ? [note] : [] };
}

function usesHalf(graph: Graph): boolean {
  return (
    [...graph.inputs, ...graph.outputs].some(({ type }) => isHalf(type)) ||
    [...graph.initializers.values()].some(({ type }) => isHalf(type)) ||
    graph.nodes.some((node) =>
      Object.entries(node.attributes).some(([name, attribute]) => isHalfAttribute(name, attribute)),
    )
  );
}

function isHalfAttribute(name: string, attribute: Attribute): boolean {
  if (attribute.kind === "graph") return usesHalf(attribute.value);
  if (attribute.kind === "tensor") return isHalf(attribute.value.type);
  return (
    attribute.kind === "int" &&
    (typeAttributes as readonly string[]).includes(name) &&
    halves.includes(attribute.value)
  );
}

/** Half-precision weights that go through a Cast at once are stored so and computed with in float32. */
function computesInHalf(graph: Graph): boolean {
  const isStored = (name: string) => isHalf(graph.initializers.get(name)?.type);
  return (
    graph.inputs.some(({ type }) => isHalf(type)) ||
    graph.nodes.some(
      (node) =>
        (node.operator !== "Cast" && node.inputs.some(isStored)) ||
        Object.entries(node.attributes).some(([name, attribute]) =>
          isHalfAttribute(name, attribute),
        ),
    )
  );
}

function widen(graph: Graph): Graph {
  const initializers = new Map(
    [...graph.initializers].map(([name, value]) => [name, widened(value)] as const),
  );
  const info = (value: ValueInfo): ValueInfo =>
    isHalf(value.type) ? { ...value, type: "float32" } : value;
  return {
    ...graph,
    inputs: graph.inputs.map(info),
    outputs: graph.outputs.map(info),
    nodes: graph.nodes.map(widenNode),
    initializers,
    shapes: new Map(),
  };
}

function widened(value: Tensor): Tensor {
  if (!isHalf(value.type)) return value;
  return tensor("float32", value.dims, toFloat32(value));
}

function widenNode(node: Node): Node {
  const inner = withSubgraphs(node, widen);
  const attributes = Object.entries(inner.attributes).map(
    ([name, attribute]): [string, Attribute] => {
      if (attribute.kind === "tensor")
        return [name, { kind: "tensor", value: widened(attribute.value) }];
      const isType = attribute.kind !== "graph" && isHalfAttribute(name, attribute);
      return [name, isType ? { kind: "int", value: float } : attribute];
    },
  );
  return { ...inner, attributes: Object.fromEntries(attributes) };
}
