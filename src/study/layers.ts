/** @file Which layers of a network a study shows. */
import { activatedOutputs, convolutionLayers } from "../network/activated-layers.ts";
import type { Graph } from "../graph/graph.ts";
import { findLayer } from "../network/layers.ts";
import type { FilterLayer } from "./filters/part.ts";
import type { LearningPart } from "./cats/learning.ts";
import type { StudyNetwork } from "./network.ts";

/** Layers of a grid of filters against depth. */
const mostDepths = 5;

async function traced({ model }: StudyNetwork): Promise<Graph> {
  return model.at(model.inputDims());
}

/** A layer [N, C, H, W] with rows and columns, or nothing. */
function asFilters(
  graph: Graph,
  name: string,
): readonly (FilterLayer & { readonly side: number })[] {
  const dims = graph.shapes.get(name)?.dims;
  if (dims?.length !== 4 || dims[2]! * dims[3]! <= 1) return [];
  return [{ name, channels: dims[1]!, side: dims[2]! }];
}

/** All convolutions after their activation. */
export async function convolutionsOf(network: StudyNetwork): Promise<readonly FilterLayer[]> {
  const graph = await traced(network);
  return convolutionLayers(graph)
    .flatMap((name) => asFilters(graph, name))
    .map(({ name, channels }) => ({ name, channels }));
}

/** Layers of given names. Throws `unknown-layer`. */
export async function namedLayers(
  network: StudyNetwork,
  names: readonly string[],
): Promise<readonly FilterLayer[]> {
  const graph = await traced(network);
  return names
    .flatMap((name) => asFilters(graph, findLayer(graph, name).name))
    .map(({ name, channels }) => ({ name, channels }));
}

/**
 * Up to five convolutions from early to late: the first of each size, as block1_conv1 to block5_conv1 are in
 * VGG16; where sizes are fewer than three, evenly among all.
 */
export async function depthLayers(network: StudyNetwork): Promise<readonly FilterLayer[]> {
  const graph = await traced(network);
  const all = convolutionLayers(graph).flatMap((name) => asFilters(graph, name));
  const first = all.filter(({ side }, i) => all.findIndex((other) => other.side === side) === i);
  const chosen = first.length >= 3 ? first : all;
  const count = Math.min(chosen.length, mostDepths);
  return Array.from({ length: count }, (_, i) => {
    const at = count === 1 ? 0 : Math.round((i * (chosen.length - 1)) / (count - 1));
    const { name, channels } = chosen[at]!;
    return { name, channels };
  });
}

/** The first convolutions and pools, each after its activation. */
export async function firstLayers(
  network: StudyNetwork,
  most: number,
): Promise<LearningPart["layers"]> {
  const graph = await traced(network);
  const convolutions = new Set(convolutionLayers(graph));
  const wanted = new Set(["Conv", "MaxPool", "AveragePool"]);
  const names = activatedOutputs(graph, ({ operator }) => wanted.has(operator));
  return names
    .flatMap((name) => asFilters(graph, name))
    .slice(0, most)
    .map(({ name }) => ({ name, kind: convolutions.has(name) ? "convolution" : "pool" }));
}
