/** @file Layers: the values of a network that a user can choose, and how to find one by name. */
import { LimpidError } from "../errors.ts";
import type { Graph, Node, ValueShape } from "./graph.ts";
import { elementCount, formatShape } from "./tensor.ts";

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

/** One layer a node, in the order of computation. */
export function layersOf(graph: Graph): readonly Layer[] {
  const counted = new Set<string>();
  return graph.nodes.map((node) => ({
    name: node.outputs[0]!,
    node: node.name,
    operator: node.operator,
    shape: graph.shapes.get(node.outputs[0]!)?.dims,
    parameters: newParameters(graph, node, counted),
  }));
}

/** Weights are initializers with floating elements; shapes and axes are not counted. */
function newParameters(graph: Graph, node: Node, counted: Set<string>): number {
  let total = 0;
  for (const input of node.inputs) {
    const weight = graph.initializers.get(input);
    if (!weight || counted.has(input) || !weight.type.startsWith("float")) continue;
    counted.add(input);
    total += elementCount(weight.dims);
  }
  return total;
}

/**
 * The layer of a value or node name, or of any part of one that no other has. Throws `unknown-layer`
 * with the closest names.
 */
export function findLayer(graph: Graph, asked: string): Layer {
  const layers = layersOf(graph);
  const exact =
    layers.find((layer) => layer.name === asked) ?? layers.find((layer) => layer.node === asked);
  if (exact) return exact;
  const partial = layers.filter(
    (layer) => layer.name.includes(asked) || layer.node.includes(asked),
  );
  if (partial.length === 1) return partial[0]!;
  const names = layers.map((layer) => layer.name);
  const hint =
    partial.length > 1
      ? `${partial.length} layers have it in their names: ${listed(partial.slice(0, 4).map((layer) => layer.name))}`
      : `closest: ${listed(closestNames(asked, names)) || "none"}`;
  throw new LimpidError(
    "unknown-layer",
    `layer: "${asked}" must name one layer of this model, got none. ${hint}. run "limpid inspect" to list all ${names.length}.`,
  );
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

/** The names that look most like the one asked for, at most `count`. */
export function closestNames(
  asked: string,
  names: readonly string[],
  count = 3,
): readonly string[] {
  const wanted = asked.toLowerCase();
  return names
    .map((name) => ({
      name,
      distance: editDistance(wanted, name.toLowerCase()) / Math.max(name.length, wanted.length),
    }))
    .filter(({ name, distance }) => distance < 0.7 || name.toLowerCase().includes(wanted))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

/** Insertions, deletions and replacements between two texts (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++) {
      const replaced = row[k - 1]! + (a[i - 1] === b[k - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[k]! + 1, next[k - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** A layer and why it was chosen. */
export interface ChosenLayer {
  readonly layer: Layer;
  readonly reason: string;
}

/**
 * The last feature map with spatial extent on the path to `output`: what class activation maps are
 * computed on. Throws `unknown-layer` if no layer is [N, C, H, W] with more than one place.
 */
export function lastSpatialLayer(graph: Graph, output: string): ChosenLayer {
  const onPath = nodesBefore(graph, output);
  const layers = layersOf(graph).filter((layer) => onPath.has(layer.node));
  const index = layers.findLastIndex((layer) => isFeatureMap(graph.shapes.get(layer.name)));
  const layer = layers[index];
  if (!layer) {
    throw new LimpidError(
      "unknown-layer",
      `layer: the network must have a feature map [N, C, H, W] with more than one place for a class activation map, got none. choose --method gradient, or a layer with --layer.`,
    );
  }
  const [, channels, height, width] = graph.shapes.get(layer.name)!.dims;
  const next = layers[index + 1]?.operator ?? "the output";
  return {
    layer,
    reason: `the last feature map with spatial extent (${channels} x ${height} x ${width}), before ${next}`,
  };
}

function isFeatureMap(shape: ValueShape | undefined): boolean {
  if (shape?.dims.length !== 4 || !shape.type.startsWith("float")) return false;
  const [, channels, height, width] = shape.dims as [number, number, number, number];
  return channels > 1 && height * width > 1;
}

function nodesBefore(graph: Graph, output: string): ReadonlySet<string> {
  const wanted = new Set([output]);
  const found = new Set<string>();
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue;
    for (const input of node.inputs) wanted.add(input);
    found.add(node.name);
  }
  return found;
}

/** Throws `bad-option` unless a layer is a feature map that a class activation map can be computed on. */
export function requireFeatureMap(graph: Graph, layer: Layer): void {
  if (isFeatureMap(graph.shapes.get(layer.name))) return;
  throw new LimpidError(
    "bad-option",
    `layer: "${layer.name}" must be a feature map [N, C, H, W] with more than one place, got shape ${formatShape(layer.shape ?? [])}. choose an earlier layer.`,
  );
}
