/** @file Where the channels and places of a value lie: feature maps, and the tokens of vision transformers folded back to a grid. */
import type { Graph } from "../graph/graph.ts";
import { elementCount } from "../graph/tensor.ts";
import { isChannelsLast } from "./layer-axes.ts";
import { takesSignal, takesVolume } from "./part-nodes.ts";

/** A value of one picture as channels by places; element (c, p) is at `offset + c * channelStride + p * placeStride`. */
export interface MapLayout {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** [H, W]; [T] of a signal's layer, whose height is 1; [D, H, W] of a volume's, whose height is D * H. */
  readonly sides: readonly number[];
  readonly offset: number;
  readonly channelStride: number;
  readonly placeStride: number;
  /** The value whose sides its places are along, and the axes of the sides there. */
  readonly grid: { readonly name: string; readonly axes: readonly number[] };
  /** Tokens before the first place that belong to none: class and register tokens. */
  readonly extraTokens: number;
}

/** Class tokens of ViT and DeiT, and up to four registers. */
const mostExtraTokens = 5;

/**
 * The layout of a value of a traced graph: [N, C, H, W], [N, H, W, C] as Swin has it, or [N, T, C] whose tokens are
 * the places of an earlier [N, C, H, W], row by row, behind up to five tokens without a place; where the network takes
 * signals, [N, C, T] or [N, T, C], and where it takes volumes, [N, C, D, H, W] or [N, D, H, W, C]. Undefined for other
 * shapes and for a single place.
 */
export function mapLayout(graph: Graph, name: string): MapLayout | undefined {
  const shape = graph.shapes.get(name);
  if (!shape || !/^b?float/.test(shape.type)) return undefined;
  const [batch, ...dims] = shape.dims;
  if (dims.length === 4 && takesVolume(graph)) return layoutAlong(graph, name, dims);
  if (dims.length === 3) return layoutAlong(graph, name, dims);
  if (dims.length === 2 && takesSignal(graph)) {
    const along = layoutAlong(graph, name, dims);
    if (along) return along;
  }
  if (dims.length !== 2 || batch !== graph.inputs[0]?.dims?.[0]) return undefined;
  const [tokens, channels] = dims as [number, number];
  const grid = gridBefore(graph, name, tokens);
  return grid && stridesOf(channels, grid, true, tokens - elementCount(grid.sides));
}

/** Of a value whose axes are channels and all sides. */
function layoutAlong(graph: Graph, name: string, dims: readonly number[]): MapLayout | undefined {
  const last = isChannelsLast(graph, name);
  const sides = last ? dims.slice(0, -1) : dims.slice(1);
  const axes = sides.map((_, i) => i + (last ? 1 : 2));
  // A signal may be computed as a picture of one row.
  const isRow = sides.length === 2 && sides[0] === 1 && takesSignal(graph);
  const grid = isRow ? { name, axes: [axes[1]!], sides: [sides[1]!] } : { name, axes, sides };
  return stridesOf(last ? dims.at(-1)! : dims[0]!, grid, last, 0);
}

/** A value with sides. */
interface Grid {
  readonly name: string;
  readonly axes: readonly number[];
  readonly sides: readonly number[];
}

function stridesOf(
  channels: number,
  { name, axes, sides }: Grid,
  last: boolean,
  extraTokens: number,
): MapLayout | undefined {
  const width = sides.at(-1)!;
  const height = elementCount(sides.slice(0, -1));
  if (height * width <= 1) return undefined;
  return {
    channels,
    height,
    width,
    sides,
    offset: extraTokens * channels,
    channelStride: last ? 1 : height * width,
    placeStride: last ? channels : 1,
    grid: { name, axes },
    extraTokens,
  };
}

/** The last map before a value whose places can be its tokens. */
function gridBefore(graph: Graph, name: string, tokens: number): Grid | undefined {
  let grid: Grid | undefined;
  for (const node of graph.nodes) {
    if (node.outputs.includes(name)) break;
    for (const output of node.outputs) {
      const dims = graph.shapes.get(output)?.dims;
      if (node.operator !== "Conv" || dims?.length !== 4) continue;
      const [height, width] = [dims[2]!, dims[3]!];
      const extra = tokens - height * width;
      if (extra >= 0 && extra <= mostExtraTokens)
        grid = { name: output, axes: [2, 3], sides: [height, width] };
    }
  }
  return grid;
}

/** The numbers of one picture as [C, H * W]; tokens without a place are left out. */
export function planesOf(data: Float32Array, layout: MapLayout): Float32Array {
  const { channels, offset, channelStride, placeStride } = layout;
  const places = layout.height * layout.width;
  if (offset === 0 && placeStride === 1 && channelStride === places) return data;
  const planes = new Float32Array(channels * places);
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < places; p++) {
      planes[c * places + p] = data[offset + c * channelStride + p * placeStride]!;
    }
  }
  return planes;
}
