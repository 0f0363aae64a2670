/** @file Networks that compute in half or double precision, in float32. */
import { say } from "../../wording/face.ts";
import type { Attribute, Graph, Node, ValueInfo } from "../graph.ts";
import { tensor, toFloat32, type ElementType, type Tensor } from "../tensor.ts";
import type { FormedGraph } from "./inference-form.ts";
import { withSubgraphs } from "./subgraphs.ts";

/** Codes of ONNX's element types. */
const float = 1;
const halves: readonly number[] = [10, 16];
const double = 11;

const typeAttributes = ["to", "dtype", "output_dtype"] as const;

/** Types that are widened or narrowed, and their codes. */
interface Other {
  readonly codes: readonly number[];
  holds(type: ElementType | undefined): boolean;
}

function isHalf(type: ElementType | undefined): boolean {
  return type === "float16" || type === "bfloat16";
}

/**
 * The graph with float32 in the place of float16 and bfloat16. ONNX Runtime computes half precision in float32 between
 * casts on most processors, so that a value that is computed twice may differ, on which gradient rules of maxima and
 * bounds rest. Weights that are only stored in half precision, and cast at once, stay as they are: so they can be read
 * from the file where they lie.
 */
export function inFloat32(graph: Graph): FormedGraph {
  if (graph.inputs.some(({ type }) => type === "float64")) return fromDouble(graph);
  if (!computesInHalf(graph)) return { graph, notes: [] };
  const note = say`the network computes in half precision; here it is computed in float32, from which its own numbers may differ in the third digit`;
  return { graph: inSingle(graph, { codes: halves, holds: isHalf }), notes: [note] };
}

/** Networks of doubles and halves alike. */
function fromDouble(graph: Graph): FormedGraph {
  const note = say`the network computes in double precision; here it is computed in float32, from which its own numbers may differ in the seventh digit`;
  const holds = (type: ElementType | undefined) => type === "float64" || isHalf(type);
  return { graph: inSingle(graph, { codes: [...halves, double], holds }), notes: [note] };
}

/** Whether any value is half but weights that only casts read. */
function computesInHalf(graph: Graph, outerWeights: ReadonlySet<string> = new Set()): boolean {
  const weights = new Set([...outerWeights, ...halfWeights(graph)]);
  return (
    [...graph.inputs, ...graph.outputs].some(({ type }) => isHalf(type)) ||
    graph.nodes.some(
      (node) =>
        (node.operator !== "Cast" && node.inputs.some((name) => weights.has(name))) ||
        (!isWeight(node) && makesHalf(node, weights)),
    )
  );
}

function halfWeights({ initializers, nodes }: Graph): readonly string[] {
  return [
    ...[...initializers].flatMap(([name, { type }]) => (isHalf(type) ? [name] : [])),
    ...nodes.filter(isWeight).flatMap(({ outputs }) => outputs),
  ];
}

/** A weight that is written as a node. */
function isWeight({ operator, attributes }: Node): boolean {
  const value = attributes["value"];
  return operator === "Constant" && value?.kind === "tensor" && isHalf(value.value.type);
}

function makesHalf({ attributes }: Node, weights: ReadonlySet<string>): boolean {
  return Object.entries(attributes).some(([name, attribute]) =>
    attribute.kind === "graph"
      ? computesInHalf(attribute.value, weights)
      : isHalfAttribute(name, attribute),
  );
}

function isHalfAttribute(name: string, attribute: Attribute): boolean {
  if (attribute.kind === "tensor") return isHalf(attribute.value.type);
  return namesType(name, attribute, halves);
}

function namesType(name: string, attribute: Attribute, codes: readonly number[]): boolean {
  return (
    attribute.kind === "int" &&
    (typeAttributes as readonly string[]).includes(name) &&
    codes.includes(attribute.value)
  );
}

function inSingle(graph: Graph, other: Other): Graph {
  const initializers = new Map(
    [...graph.initializers].map(([name, value]) => [name, single(value, other)] as const),
  );
  const info = (value: ValueInfo): ValueInfo =>
    other.holds(value.type) ? { ...value, type: "float32" } : value;
  return {
    ...graph,
    inputs: graph.inputs.map(info),
    outputs: graph.outputs.map(info),
    nodes: graph.nodes.map((node) => singleNode(node, other)),
    initializers,
    shapes: new Map(),
  };
}

function single(value: Tensor, other: Other): Tensor {
  return other.holds(value.type) ? tensor("float32", value.dims, toFloat32(value)) : value;
}

function singleNode(node: Node, other: Other): Node {
  const inner = withSubgraphs(node, (graph) => inSingle(graph, other));
  const attributes = Object.entries(inner.attributes).map(
    ([name, attribute]): [string, Attribute] => {
      if (attribute.kind === "tensor")
        return [name, { kind: "tensor", value: single(attribute.value, other) }];
      const isType = namesType(name, attribute, other.codes);
      return [name, isType ? { kind: "int", value: float } : attribute];
    },
  );
  return { ...inner, attributes: Object.fromEntries(attributes) };
}
