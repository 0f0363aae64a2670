/** @file Layers: the values of a network that a user can choose, and how to find one by name. */
import { command, option, say } from "../wording/face.ts";
import { closestNames } from "../wording/closest-names.ts";
import { LimpidError } from "../errors.ts";
import { nodesBefore } from "../graph/edit.ts";
import type { Graph, Node, ValueShape } from "../graph/graph.ts";
import { elementCount, formatShape } from "../graph/tensor.ts";
import { mapRanks } from "./part-nodes.ts";
import { entriesOf } from "../wording/lists.ts";

/** A named value of the network. */
export interface Layer {
  /** Name of the value; that of the node is found too. */
  readonly name: string;
  readonly node: string;
  readonly operator: string;
  /** Undefined before a trace. */
  readonly shape: readonly number[] | undefined;
  /** Weights that this layer is the first to read. */
  readonly parameters: number;
}

/** One layer a node, its first output, in the order of computation. */
export function layersOf(graph: Graph): readonly Layer[] {
  const counted = new Set<string>();
  return graph.nodes.map((node) =>
    layerAt(graph, node, node.outputs[0]!, newParameters(graph, node, counted)),
  );
}

function layerAt(graph: Graph, node: Node, name: string, parameters: number): Layer {
  const shape = graph.shapes.get(name)?.dims;
  return { name, node: node.name, operator: node.operator, shape, parameters };
}

/**
 * The names of layers in some texts, each once: a text is a list separated by commas, of which those stay that names of
 * layers hold. Whether there are such layers is not looked at.
 */
export function layersAsked(graph: Graph, texts: readonly string[]): readonly string[] {
  const known = layerNames(graph);
  return [...new Set(texts.flatMap((text) => entriesOf(text, (entry) => known.has(entry))))];
}

/** The names of all nodes and of what they make. */
export function layerNames(graph: Graph): ReadonlySet<string> {
  return new Set(graph.nodes.flatMap(({ name, outputs }) => [name, ...outputs]));
}

/** Weights are initializers with floating elements; shapes and axes are not counted. */
function newParameters(graph: Graph, node: Node, counted: Set<string>): number {
  let total = 0;
  for (const input of node.inputs) {
    const weight = graph.initializers.get(input);
    if (!weight || counted.has(input) || !/^b?float/.test(weight.type)) continue;
    counted.add(input);
    total += elementCount(weight.dims);
  }
  return total;
}

/**
 * The layer of a value or node name, or of any part of one that no other has. Further outputs of a node,
 * such as those of a Split, are found by their whole name. Throws `unknown-layer` with the closest names.
 */
export function findLayer(graph: Graph, asked: string): Layer {
  const layers = layersOf(graph);
  const exact =
    layers.find((layer) => layer.name === asked) ??
    layers.find((layer) => layer.node === asked) ??
    furtherOutput(graph, asked);
  if (exact) return exact;
  const partial = layers.filter(
    (layer) => layer.name.includes(asked) || layer.node.includes(asked),
  );
  if (partial.length === 1) return partial[0]!;
  const names = layers.map((layer) => layer.name);
  const problem =
    partial.length > 1
      ? `got a part of ${partial.length} names: ${shortened(partial.map((layer) => layer.name))}`
      : `got none. closest: ${quoted(closestNames(asked, names)) || "none"}`;
  throw new LimpidError(
    "unknown-layer",
    say`layer: "${asked}" must name one layer of this model, ${problem}. run ${command("inspect")} to list all ${names.length}.`,
  );
}

function furtherOutput(graph: Graph, name: string): Layer | undefined {
  const node = name === "" ? undefined : graph.nodes.find(({ outputs }) => outputs.includes(name));
  return node && layerAt(graph, node, name, 0);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

function shortened(names: readonly string[]): string {
  return quoted(names.slice(0, 4)) + (names.length > 4 ? ", ..." : "");
}

/** A layer and why it was chosen. */
export interface ChosenLayer {
  readonly layer: Layer;
  readonly reason: string;
}

/**
 * The last feature map with spatial extent on the path to `output`: what class activation maps are
 * computed on; of a unit, one before all values of the unit's own layer, which `passedOver` names. Throws `unknown-layer` if no layer is [N, C, H, W] with more than one place, or if the
 * network decides on tokens behind the last one, as vision transformers do.
 */
export function lastSpatialLayer(
  graph: Graph,
  output: string,
  passedOver: ReadonlySet<string> = new Set(),
): ChosenLayer {
  const path = [...nodesBefore(graph, output)].toReversed();
  const names = path.map((node) => node.outputs[0]!);
  const index = names.findLastIndex(
    (name) =>
      name !== output && !passedOver.has(name) && isManyChannelled(graph, graph.shapes.get(name)),
  );
  const tokens = path.slice(index + 1).find((node) => mixesTokens(graph, node));
  if (index < 0 || tokens) {
    const got = tokens
      ? `tokens of shape ${formatShape(graph.shapes.get(tokens.outputs[0]!)!.dims)} at "${tokens.outputs[0]!}"`
      : "none";
    throw new LimpidError(
      "unknown-layer",
      say`layer: a class activation map must have a feature map [N, C, H, W] to lie on, got ${got}. choose one with ${option("layer")}, or ${option("method", "gradient")}.`,
    );
  }
  const layer = layersOf(graph).find(({ name }) => name === names[index])!;
  const next = path[index + 1]?.operator ?? "the output";
  return {
    layer,
    reason: `the last feature map with spatial extent (${layer.shape!.slice(1).join(" x ")}), before ${next}`,
  };
}

/** Products of more rows than pictures: the places of a feature map have become a sequence. */
function mixesTokens(graph: Graph, node: Node): boolean {
  if (!["MatMul", "Gemm", "Einsum"].includes(node.operator)) return false;
  const pictures = graph.inputs[0]?.dims?.[0];
  const dims = graph.shapes.get(node.outputs[0]!)?.dims ?? [];
  return typeof pictures === "number" && elementCount(dims.slice(0, -1)) > pictures;
}

function isFeatureMap(graph: Graph, shape: ValueShape | undefined): boolean {
  if (!shape || !/^b?float/.test(shape.type) || !mapRanks(graph).includes(shape.dims.length))
    return false;
  return elementCount(shape.dims.slice(2)) > 1;
}

/** A single channel is a mask or an attention map more often than features. */
function isManyChannelled(graph: Graph, shape: ValueShape | undefined): boolean {
  return isFeatureMap(graph, shape) && shape!.dims[1]! > 1;
}

/** Throws `bad-option` unless a layer is a feature map that a class activation map can be computed on. */
export function requireFeatureMap(graph: Graph, layer: Layer): void {
  if (isFeatureMap(graph, graph.shapes.get(layer.name))) return;
  throw new LimpidError(
    "bad-option",
    `layer: "${layer.name}" must be a feature map [N, C, H, W] with more than one place, got shape ${formatShape(layer.shape ?? [])}. choose an earlier layer.`,
  );
}
