/** @file Maps of networks whose weights are drawn anew from the top down (Adebayo et al. 2018, section 3). */
import { redrawn, weightedLayers } from "../src/attribution/check/redrawn-weights.ts";
import { attributionMethods } from "../src/attribution/index.ts";
import type { Heatmap } from "../src/attribution/heatmap.ts";
import type { Graph } from "../src/graph/graph.ts";
import { elementCount, type Tensor } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import { correlation } from "../src/statistics.ts";

/** How alike the maps of a method stay: Spearman's rank correlation with those of the trained network. */
export interface Likeness {
  /** Of the maps' absolute numbers, and of the numbers with their signs; the mean over pictures. */
  readonly absolute: number;
  readonly signed: number;
}

export interface Randomisation {
  readonly graph: Graph;
  readonly runtime: Runtime;
  /** [N, C, H, W]. */
  readonly pictures: Tensor;
  readonly seed: number;
  /** Layer of class activation maps. */
  readonly camLayer: string;
}

/** Methods that are checked, as they are called. */
export type CheckedMethod = "gradient" | "grad-cam" | "guided-backprop" | "guided-grad-cam";

/**
 * The likeness of a method's maps after each redrawing: of the topmost layer, of the two topmost, and so on to all.
 * The class that is explained stays the one that the trained network prefers.
 */
export async function likenessTopDown(
  method: CheckedMethod,
  { graph, runtime, pictures, seed, camLayer }: Randomisation,
): Promise<readonly (Likeness & { readonly layer: string })[]> {
  const layer = method.endsWith("cam") ? { layer: camLayer } : {};
  const signed = method === "grad-cam" ? { signed: true } : {};
  const mapsOf = (changed: Graph, targets: readonly number[] | "top") => {
    const options = { targets, ...layer, ...signed };
    return attributionMethods[method].run(new Model(changed, runtime), pictures, options);
  };
  const trained = await mapsOf(graph, "top");
  const targets = trained.map(({ target }) => target);
  const layers = weightedLayers(graph);
  const found: (Likeness & { readonly layer: string })[] = [];
  for (let count = 1; count <= layers.length; count++) {
    const maps = await mapsOf(redrawn(graph, layers.slice(0, count), seed), targets);
    const pairs = maps.map((map, i) => [placesOf(trained[i]!), placesOf(map)] as const);
    const mean = (of: (values: Float64Array) => Float64Array) =>
      pairs.reduce((sum, [a, b]) => sum + correlation(ranks(of(a)), ranks(of(b))), 0) / maps.length;
    found.push({
      layer: layers[count - 1]!.layer,
      absolute: mean((values) => values.map(Math.abs)),
      signed: mean((values) => values),
    });
  }
  return found;
}

/** One number a place, [H, W]: the sum over the channels of [C, H, W]. */
function placesOf({ data, dims }: Heatmap): Float64Array {
  const count = elementCount(dims.slice(-2));
  const sums = new Float64Array(count);
  for (const [i, value] of data.entries()) sums[i % count]! += value;
  return sums;
}

/** Ranks from 0; ties share their mean. */
function ranks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const found = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1;
    for (let i = start; i < end; i++) found[order[i]!] = (start + end - 1) / 2;
  }
  return found;
}
