/** @file Layers of vision transformers: tokens that are shown as maps on the grid of their patches. */
import type { Graph, Node } from "../graph/graph.ts";
import { tensor, type Tensor } from "../graph/tensor.ts";
import { mapLayout, planesOf, type MapLayout } from "../network/map-layout.ts";

/**
 * The sums of a traced graph that carry tokens from one block of a transformer to the next: what attention, and what
 * the dense layers behind it, are added to. None where no attention is.
 */
export function tokenSums(graph: Graph): readonly string[] {
  if (!hasAttention(graph)) return [];
  return graph.nodes
    .filter((node) => node.operator === "Add" && isOfValues(graph, node))
    .map(({ outputs }) => outputs[0]!)
    .filter((name) => channelsLastLayout(graph, name) !== undefined);
}

/** Where the channels and places of tokens [N, T, C] lie, or of maps [N, H, W, C]; undefined for other values. */
export function channelsLastLayout(graph: Graph, name: string): MapLayout | undefined {
  const { length: rank } = graph.shapes.get(name)?.dims ?? [];
  if (rank !== 3 && rank !== 4) return undefined;
  const layout = mapLayout(graph, name);
  const isFeatureMap = rank === 4 && layout?.placeStride === 1;
  return isFeatureMap ? undefined : layout;
}

/** Attention multiplies two values that both depend on the picture. */
function hasAttention(graph: Graph): boolean {
  return graph.nodes.some((node) => node.operator === "MatMul" && isOfValues(graph, node));
}

function isOfValues(graph: Graph, { inputs }: Node): boolean {
  return inputs.every((input) => graph.shapes.has(input));
}

/** Values of tokens, one row a picture, as [N, C, H, W]; tokens without a place are left out. */
export function mapsOf({ data, dims }: Tensor, layout: MapLayout): Tensor {
  const { channels, height, width } = layout;
  const count = channels * height * width;
  const rows = dims[0]!;
  const length = data.length / rows;
  const maps = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const own = (data as Float32Array).subarray(row * length, (row + 1) * length);
    maps.set(planesOf(own, layout), row * count);
  }
  return tensor("float32", [rows, channels, height, width], maps);
}
