/** @file The layers of a network and what joins their branches, as a small graph of what reads what. */
import { missingRules } from "../autodiff/path.ts";
import { valuesRead } from "../graph/edit.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { gradientStop } from "./gradient-stop.ts";
import { GraphReader } from "./graph-reader.ts";

/** What a place of the graph is. */
type LayerGraphKind = "input" | "layer" | "join" | "gap" | "output";

/** An input, a layer, a node that joins several of them or has no derivative, or an output. */
export interface LayerGraphNode {
  /** Of the value that it gives; unique in the graph. */
  readonly name: string;
  /** `""` of inputs. */
  readonly operator: string;
  readonly kind: LayerGraphKind;
  /** Undefined where the graph is not traced. */
  readonly shape: readonly number[] | undefined;
  /** Those that it is computed from with no other between, in the order in which it reads them. */
  readonly before: readonly string[];
}

/**
 * The graph of some layers of a traced graph, in the order of computation: `layers` are names of values, `gaps` names of
 * nodes without a derivative. Nodes that read one of its places alone are left out, as are joins that lead to no layer and
 * no output, and whatever does not depend on an input.
 */
export function layerGraph(
  graph: Graph,
  layers: ReadonlySet<string>,
  gaps: ReadonlySet<string>,
): readonly LayerGraphNode[] {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const kept = new Map<string, LayerGraphNode>();
  /** Of each value, the places that it is computed from. */
  const sources = new Map<string, readonly string[]>();
  const keep = (name: string, place: Omit<LayerGraphNode, "name" | "shape">) => {
    kept.set(name, { name, ...place, shape: graph.shapes.get(name)?.dims });
    sources.set(name, [name]);
  };
  for (const { name } of graph.inputs) keep(name, { operator: "", kind: "input", before: [] });
  for (const node of graph.nodes) {
    const before = [...new Set(valuesRead(node).flatMap((name) => sources.get(name) ?? []))];
    if (before.length === 0) continue;
    const given = node.outputs.filter((name) => name !== "");
    for (const name of given) sources.set(name, before);
    const { operator } = node;
    for (const name of given) {
      const kind = layers.has(name) ? "layer" : outputs.has(name) ? "output" : undefined;
      if (kind) keep(name, { operator, kind, before });
    }
    const kind = gaps.has(node.name) ? "gap" : before.length > 1 ? "join" : undefined;
    const [first] = given;
    if (kind === undefined || first === undefined || given.some((name) => kept.has(name))) continue;
    keep(first, { operator, kind, before });
    for (const name of given) sources.set(name, [first]);
  }
  return leadingSomewhere([...kept.values()]);
}

/** Without joins that lead nowhere, such as those that shapes are computed from. */
function leadingSomewhere(places: readonly LayerGraphNode[]): readonly LayerGraphNode[] {
  const read = new Set<string>();
  const wanted = places.toReversed().filter(({ name, kind, before }) => {
    if (kind === "join" && !read.has(name)) return false;
    for (const each of before) read.add(each);
    return true;
  });
  return wanted.toReversed();
}

/** Where the gradient of a value ends, and for which layers. */
export interface GradientGaps {
  /** Nodes without a derivative on the way from the input, by name. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** Of each layer that no gradient reaches, the operators behind it that have none. */
  readonly layers: ReadonlyMap<string, readonly string[]>;
}

/**
 * The gaps of the gradient of the value `of` in a traced graph: operators without a rule, as the walk backwards would
 * refuse them, and the node at which it ends on every way, where there is one.
 */
export function gradientGaps(
  graph: Graph,
  {
    of,
    input,
    layers,
  }: { readonly of: string; readonly input: string; readonly layers: readonly string[] },
): GradientGaps {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const missing = missingRules(graph, { of, wrt: [input] });
  const stop = missing.length === 0 ? gradientStop(new GraphReader(graph), of) : undefined;
  const names = stop ? [stop.name] : missing.map(({ node }) => node);
  const nodes = new Map(names.map((name) => [name, byName.get(name)!]));
  if (nodes.size === 0) return { nodes, layers: new Map() };
  const found = layers.flatMap((layer): readonly [string, readonly string[]][] => {
    const behind = stop
      ? readersOf(graph, layer).has(stop.outputs[0]!)
        ? [stop.operator]
        : []
      : missingRules(graph, { of, wrt: [layer] }).map(({ operator }) => operator);
    return behind.length === 0 ? [] : [[layer, [...new Set(behind)]]];
  });
  return { nodes, layers: new Map(found) };
}

/** All values that depend on one, itself among them. */
function readersOf(graph: Graph, name: string): ReadonlySet<string> {
  const reached = new Set([name]);
  for (const node of graph.nodes) {
    if (!valuesRead(node).some((input) => reached.has(input))) continue;
    for (const output of node.outputs) reached.add(output);
  }
  return reached;
}
