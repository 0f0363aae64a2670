/** @file What a maximisation must know of layers: shapes at the pictures' size, batches, and where pictures are kept apart. */
import { isFailure, LimpidError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { elementCount, formatShape } from "../../graph/tensor.ts";
import type { Preprocessing } from "../../image/preprocess.ts";
import { lastSpatialLayer } from "../../network/layers.ts";
import type { Model } from "../../network/model.ts";
import { batchSizeOf } from "../../optvis/batch-memory.ts";
import { mostSidePx, type PictureSize } from "../../optvis/parameterizations.ts";
import { channelAxisOf } from "../../scores/channel-axis.ts";
import { option, say } from "../../wording/face.ts";

/** Shapes [1, C, ...] by layer. */
export type LayerShapes = ReadonlyMap<string, readonly number[]>;

/** The size of pictures: what is asked for, else what network and preprocessing say. Throws `bad-option` if it is too large. */
export function sizeOf(model: Model, how: Preprocessing, sidePx: number | undefined): PictureSize {
  const [, channels, height, width] = model.inputDims();
  if (channels !== 1 && channels !== 3) {
    throw new LimpidError(
      "shape-mismatch",
      `maximize: the network must take pictures of 1 or 3 channels, got ${channels}.`,
    );
  }
  if (sidePx !== undefined) return boundedSize({ channels, heightPx: sidePx, widthPx: sidePx });
  const [, , h, w] = model.input.dims ?? [];
  const open = how.size ?? [height, width];
  const heightPx = typeof h === "number" ? height : open[0];
  const widthPx = typeof w === "number" ? width : open[1];
  return boundedSize({ channels, heightPx, widthPx });
}

function boundedSize(size: PictureSize): PictureSize {
  const { heightPx, widthPx } = size;
  if (Math.max(heightPx, widthPx) <= mostSidePx) return size;
  throw new LimpidError(
    "bad-option",
    say`maximize: pictures must have sides of at most ${mostSidePx} pixels, got ${heightPx} x ${widthPx}. choose ${option("size")}.`,
  );
}

/** The shape of each layer at a size. Throws `bad-option` for layers that hold no activations. */
export async function layerDims(
  model: Model,
  layers: readonly string[],
  size: PictureSize,
): Promise<LayerShapes> {
  const part = await model.maps(layers, [1, size.channels, size.heightPx, size.widthPx]);
  return new Map(
    layers.map((layer) => {
      const shape = part.shapes.get(layer);
      if (!shape || shape.dims.length < 2 || !/^b?float/.test(shape.type)) {
        throw new LimpidError(
          "bad-option",
          `layer: "${layer}" must hold activations [N, C, ...], got ${shape ? `${shape.type} ${formatShape(shape.dims)}` : "a constant"}. choose another one.`,
        );
      }
      return [layer, shape.dims];
    }),
  );
}

/** Whether a layer can be computed for pictures of a size; dense ones are for their own alone. */
export async function isComputedAt(
  model: Model,
  layer: string,
  size: PictureSize,
): Promise<boolean> {
  try {
    await layerDims(model, [layer], size);
    return true;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return false;
  }
}

/** Channels of each layer. */
export function channelCounts(dims: LayerShapes): ReadonlyMap<string, number> {
  return new Map([...dims].map(([layer, shape]) => [layer, shape[channelAxisOf(shape)]!]));
}

/** Where pictures of one unit are kept apart: the layer itself, or before a dense one the last with places. */
export function apartLayer(model: Model, traced: Graph, dims: LayerShapes): string {
  const [[layer, shape] = ["", []], ...others] = dims;
  if (others.length > 0) {
    throw new LimpidError(
      "bad-option",
      say`${option("diversity")}: must be asked for one layer at a time, got ${dims.size} layers.`,
    );
  }
  const isSpatial = elementCount(shape.slice(2)) > 1;
  return isSpatial ? layer : lastSpatialLayer(traced, model.explained).layer.name;
}

/** Pictures of each layer that go through the network together; with diversity those of one unit. */
export async function batchSizes(
  model: Model,
  layers: readonly string[],
  size: PictureSize,
  diversity: number | undefined,
): Promise<Readonly<Record<string, number>>> {
  const entries: [string, number][] = [];
  for (const layer of layers) {
    entries.push([layer, diversity ?? (await batchSizeOf(model, layer, size))]);
  }
  return Object.fromEntries(entries);
}
