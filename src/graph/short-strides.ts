/** @file Strides that lead beyond the end of what windows slide over, shortened: what they give stays the same. */
import { AttributeReader } from "./attributes.ts";
import type { Graph, Node } from "./graph.ts";

/** Strides up to this stay, whatever they slide over: they say how far apart a layer's places would be. */
const usualStride = 16;

/** Operators with one window, or one input place, along an axis on which a stride is never taken. */
const sliding: ReadonlySet<string> = new Set([
  "AveragePool",
  "Conv",
  "ConvTranspose",
  "LpPool",
  "MaxPool",
]);

/** The traced graph with strides that its gradients, which make a part for each step of a stride, can be built of. */
export function withShortStrides(graph: Graph): Graph {
  const nodes = graph.nodes.map((node) => shortened(graph, node));
  return nodes.some((node, i) => node !== graph.nodes[i]) ? { ...graph, nodes } : graph;
}

function shortened(graph: Graph, node: Node): Node {
  if (node.domain !== "" || !sliding.has(node.operator)) return node;
  const attributes = new AttributeReader(node);
  const strides = attributes.ints("strides", []);
  if (strides.every((stride) => stride <= usualStride)) return node;
  const single = node.operator === "ConvTranspose" ? node.inputs[0]! : node.outputs[0]!;
  const isOpen = attributes.string("auto_pad", "NOTSET").startsWith("SAME");
  const sizes = graph.shapes.get(single)?.dims.slice(2);
  const short = strides.map((stride, axis) =>
    sizes?.[axis] === 1 && !isOpen ? Math.min(stride, usualStride) : stride,
  );
  if (short.every((stride, axis) => stride === strides[axis])) return node;
  return { ...node, attributes: { ...node.attributes, strides: { kind: "ints", value: short } } };
}
