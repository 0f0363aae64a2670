/** @file Receptive fields: the pixels that can change one number of a layer. */
import { LimpidError } from "../errors.ts";
import { nodesBefore, valuesRead } from "../graph/edit.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { formatShape } from "../graph/tensor.ts";
import { fieldRules } from "./receptive-rules.ts";
import type { Rectangle } from "../image/raster.ts";
import { TracedNode } from "../graph/traced-node.ts";
import { whole, type Region } from "./region.ts";

/** One place of a layer. */
interface LayerPlace {
  readonly y: number;
  readonly x: number;
  /** All channels of the place by default; those of joined branches may see different parts. */
  readonly channel?: number;
}

/** Finds receptive fields in one layer. */
export type ReceptiveFields = (place: LayerPlace) => Rectangle;

/**
 * Finds, for places of a layer, the smallest rectangle of the input [N, C, H, W] outside of which no pixel can
 * change the value there, clipped to the picture. `rows` and `columns` are the layer's axes of its places, the third
 * that of its channels: 2 and 3 of [N, C, H, W], 1 and 2 of [N, H, W, C]. Weights are taken to be anything but 0. Places are followed
 * backwards axis by axis, so the rectangle is exact for convolutions, pools, resampling, padding, joined and added
 * branches, and whatever pools over a whole axis; operators that are not in the table of rules, and axes that a
 * reshape splits or merges, count as read from end to end. For a layer of another rank it is what all its numbers see.
 * The graph must be traced. Throws `unknown-layer` if it has no such value, and the finder `bad-option` for a place
 * outside of the layer.
 */
export function receptiveFields(
  graph: Graph,
  layer: string,
  [rows, columns]: readonly [number, number] = [2, 3],
): ReceptiveFields {
  const dims = graph.shapes.get(layer)?.dims;
  const input = graph.inputs[0];
  if (!dims || !input) {
    throw new LimpidError(
      "unknown-layer",
      `receptive field: "${layer}" must be a value of the traced graph, got none.`,
    );
  }
  const nodes = [...nodesBefore(graph, layer)].map((node) => new TracedNode(graph, node));
  const axes = { rows, columns, channels: 6 - rows - columns };
  const pathOf = channelPaths(nodes, { layer, dims, axes });
  const known = new Map<string, Rectangle>();
  return (place) => {
    const start = startAt({ layer, dims, axes }, place);
    const key = JSON.stringify([place.y, place.x, pathOf(place.channel)]);
    const found = known.get(key) ?? boundsOf(walked(nodes, layer, start).get(input.name));
    known.set(key, found);
    return found;
  };
}

/** A layer, its shape, and which of its axes is what. */
interface Placed {
  readonly layer: string;
  readonly dims: readonly number[];
  readonly axes: { readonly channels: number; readonly rows: number; readonly columns: number };
}

function walked(nodes: readonly TracedNode[], layer: string, start: Region): Map<string, Region> {
  const regions = new Map([[layer, start]]);
  for (const n of nodes) spread(n, regions);
  return regions;
}

/**
 * Tells channels apart by the values that they are computed from, as far as the convolutions that read all
 * channels: those of one path have the same fields, which are found once.
 */
function channelPaths(
  nodes: readonly TracedNode[],
  { layer, dims, axes }: Placed,
): (channel: number | undefined) => string {
  const reached = new Set([layer]);
  const near = nodes.filter((n) => {
    if (!n.node.outputs.some((name) => reached.has(name))) return false;
    const readsAll = n.node.operator === "Conv" && n.int("group", 1) === 1;
    if (!readsAll) for (const name of valuesRead(n.node)) reached.add(name);
    return true;
  });
  const known = new Map<number, string>();
  return (channel) => {
    if (channel === undefined || dims.length !== 4) return "";
    const start = dims.map((size, axis) =>
      axis === axes.channels ? new Uint8Array(size).fill(1, channel, channel + 1) : whole(size),
    );
    const path = known.get(channel) ?? [...walked(near, layer, start).keys()].join("\n");
    known.set(channel, path);
    return path;
  };
}

function startAt({ layer, dims, axes }: Placed, { y, x, channel }: LayerPlace): Region {
  if (dims.length !== 4) return dims.map(whole);
  const asked: (number | undefined)[] = [0];
  asked[axes.channels] = channel;
  asked[axes.rows] = y;
  asked[axes.columns] = x;
  const isInside = asked.every(
    (index, axis) =>
      index === undefined || (Number.isInteger(index) && index >= 0 && index < dims[axis]!),
  );
  if (!isInside) {
    throw new LimpidError(
      "bad-option",
      `receptive field: the place must lie in "${layer}" ${formatShape(dims)}, got channel ${channel ?? "any"}, row ${y}, column ${x}.`,
    );
  }
  return dims.map((size, axis) => {
    const index = asked[axis];
    return index === undefined ? whole(size) : new Uint8Array(size).fill(1, index, index + 1);
  });
}

/** Hands the regions of a node's outputs on to its inputs. */
function spread(n: TracedNode, regions: Map<string, Region>): void {
  for (const [output, name] of n.node.outputs.entries()) {
    const region = regions.get(name);
    if (!region) continue;
    const isKnown = isStandard(n.node) && Object.hasOwn(fieldRules, n.node.operator);
    const rule = isKnown ? fieldRules[n.node.operator] : undefined;
    const parts = rule?.(n, region, output);
    if (parts) {
      for (const [i, part] of parts.entries()) {
        if (part) join(regions, n.node.inputs[i] ?? "", part);
      }
    } else {
      for (const input of valuesRead(n.node)) {
        join(regions, input, (n.dimsOf(input) ?? []).map(whole));
      }
    }
  }
}

function isStandard({ domain }: Node): boolean {
  return domain === "" || domain === "ai.onnx";
}

/** Adds places to those of a value that are known; a region that is empty along one axis is empty. */
function join(regions: Map<string, Region>, name: string, region: Region): void {
  if (region.some((marks) => !marks.includes(1))) return;
  const known = regions.get(name);
  if (known) {
    for (const [axis, marks] of region.entries()) {
      for (let i = 0; i < marks.length; i++) if (marks[i] === 1) known[axis]![i] = 1;
    }
  } else {
    // Rules hand on arrays of other regions, which this one may not write into.
    regions.set(
      name,
      region.map((marks) => marks.slice()),
    );
  }
}

function boundsOf(region: Region | undefined): Rectangle {
  if (!region) return { left: 0, top: 0, widthPx: 0, heightPx: 0 };
  const [, , rows, columns] = region as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const [top, left] = [rows.indexOf(1), columns.indexOf(1)];
  return {
    left,
    top,
    widthPx: columns.lastIndexOf(1) + 1 - left,
    heightPx: rows.lastIndexOf(1) + 1 - top,
  };
}
