/** @file What the picture makes of every layer, in a few numbers and a thumbnail each. */
import type { SeenLayer } from "../../src/app/activations/picture.ts";
import { channelPlanes } from "../../src/activations/layer-values.ts";
import { colorize, scaleFor } from "../../src/image/colormap.ts";
import { plane, type Plane } from "../../src/image/picture.ts";
import { resizePlane } from "../../src/image/resize.ts";
import type { LayerSummary } from "../protocol.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";
import { pixelsOf } from "./pixels.ts";
import { layersOn, seenLayers } from "./seen-layers.ts";
import { tileSize } from "./tile-size.ts";

/** Of the longer side. */
const thumbnailPx = 32;

/** So many at a time, so that a stop is heard and memory stays small. */
const together = 8;

/** Layers in the order of computation. Throws as `runPicture`. */
export async function layerSummaries(
  desk: Desk,
  _: null,
  call: CallContext,
): Promise<readonly LayerSummary[]> {
  const all = await layersOn(desk, desk.open.layers);
  const summaries: LayerSummary[] = [];
  for (let i = 0; i < all.length; i += together) {
    const part = await seenLayers(desk, all.slice(i, i + together), call);
    for (const layer of part) summaries.push(summaryOf(layer));
    call.tell({
      kind: "progress",
      share: Math.min(i + together, all.length) / all.length,
      secondsLeft: undefined,
    });
  }
  return summaries;
}

function summaryOf({ name, values, statistics }: SeenLayer): LayerSummary {
  const sizes = meanSizes(channelPlanes(values));
  const scale = scaleFor(sizes.data, { signed: false });
  const { width, height } = tileSize(sizes, thumbnailPx);
  const small = resizePlane(sizes, width, height, { filter: "bilinear" });
  return {
    name,
    zeroShare: statistics.zeroShare,
    deadChannels: statistics.deadChannels.length,
    thumbnail: pixelsOf(colorize(small, scale)),
  };
}

/** The mean size of a layer's numbers at each place. */
function meanSizes(planes: readonly Plane[]): Plane {
  const { widthPx, heightPx } = planes[0]!;
  const data = new Float32Array(widthPx * heightPx);
  for (const map of planes) {
    for (let i = 0; i < data.length; i++) data[i]! += Math.abs(map.data[i]!) / planes.length;
  }
  return plane(widthPx, heightPx, data);
}
