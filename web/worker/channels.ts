/** @file All channels of a layer for the picture, as one sprite of tiles. */
import { channelPlanes } from "../../src/activations/layer-values.ts";
import { colorize, scaleFor } from "../../src/image/colormap.ts";
import type { Plane } from "../../src/image/picture.ts";
import { resizePlane } from "../../src/image/resize.ts";
import type { ChannelFacts, Pixels, ShownChannels } from "../protocol.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";
import { shownScale } from "./pixels.ts";
import { seenLayer } from "./seen-layers.ts";
import { tileSize, type TileSize } from "./tile-size.ts";

/** A few places that stand out would leave all others black. */
const beyondShare = 0.005;

/** Longer side of a tile, in pixels; dense units are one place each. */
const mostTilePx = 48;
const leastTilePx = 16;

/** Throws `unknown-layer`, and as `runPicture`. */
export async function channelsOf(
  desk: Desk,
  { layer }: { readonly layer: string },
  call: CallContext,
): Promise<ShownChannels> {
  const { values, statistics, name } = await seenLayer(desk, layer, call);
  const numbers = values.data as Float32Array;
  const isSigned = numbers.some((value) => value < 0);
  const scale = scaleFor(numbers, { signed: isSigned, beyondShare });
  const planes = channelPlanes(values);
  const tile = tileOf(planes[0]!);
  const columns = columnsFor(planes.length, tile);
  const tiles = planes.map((map) => colorize(sized(map, tile), scale).data);
  return {
    layer: name,
    sprite: spriteOf(tiles, tile, columns),
    columns,
    tileWidth: tile.width,
    tileHeight: tile.height,
    scale: shownScale(scale, "activation"),
    channels: planes.map((map) => factsOf(map)),
    zeroShare: statistics.zeroShare,
  };
}

/** Few places are enlarged, many made smaller. */
function tileOf(map: Plane): TileSize {
  const longer = Math.max(map.widthPx, map.heightPx);
  return tileSize(map, Math.min(Math.max(longer, leastTilePx), mostTilePx));
}

/** Sprites are about square, as canvases have a longest side. */
function columnsFor(count: number, { width, height }: TileSize): number {
  return Math.max(Math.ceil(Math.sqrt((count * height) / width)), 1);
}

function sized(map: Plane, { width, height }: TileSize): Plane {
  if (map.widthPx === width && map.heightPx === height) return map;
  const isEnlarged = map.widthPx <= width && map.heightPx <= height;
  const filter = isEnlarged ? "nearest" : "bilinear";
  return resizePlane(map, width, height, { filter });
}

function spriteOf(tiles: readonly Uint8Array[], tile: TileSize, columns: number): Pixels {
  const width = columns * tile.width;
  const height = Math.ceil(tiles.length / columns) * tile.height;
  const data = new Uint8ClampedArray(4 * width * height);
  for (const [i, rgb] of tiles.entries()) {
    const left = (i % columns) * tile.width;
    const top = Math.floor(i / columns) * tile.height;
    for (let y = 0; y < tile.height; y++) {
      let to = 4 * ((top + y) * width + left);
      let from = 3 * y * tile.width;
      for (let x = 0; x < tile.width; x++, to += 4, from += 3) {
        data[to] = rgb[from]!;
        data[to + 1] = rgb[from + 1]!;
        data[to + 2] = rgb[from + 2]!;
        data[to + 3] = 255;
      }
    }
  }
  return { width, height, data };
}

function factsOf({ data, widthPx, heightPx }: Plane): ChannelFacts {
  let [best, active] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    if (data[i]! > data[best]!) best = i;
    if (data[i] !== 0) active += 1;
  }
  return {
    isDead: active === 0,
    activeShare: active / data.length,
    largest: data[best]!,
    x: ((best % widthPx) + 0.5) / widthPx,
    y: (Math.floor(best / widthPx) + 0.5) / heightPx,
  };
}
