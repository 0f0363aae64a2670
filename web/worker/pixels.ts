/** @file Pictures, maps and channels of the core as pixels for a canvas. */
import { colourAt, heatAlone, type ColorScale } from "../../src/image/colormap.ts";
import type { Picture, Plane } from "../../src/image/picture.ts";
import { resizePlane } from "../../src/image/resize.ts";
import { placedPlane, type PlaceCentres } from "../../src/image/placed-plane.ts";
import type { Pixels, ShownScale } from "../protocol.ts";

export function pixelsOf({ widthPx, heightPx, channels, data }: Picture): Pixels {
  const rgba = new Uint8ClampedArray(4 * widthPx * heightPx);
  for (let i = 0, to = 0; to < rgba.length; i += channels, to += 4) {
    for (let c = 0; c < 3; c++) rgba[to + c] = data[channels === 1 ? i : i + c]!;
    rgba[to + 3] = channels === 4 ? data[i + 3]! : 255;
  }
  return { width: widthPx, height: heightPx, data: rgba };
}

/** The picture of pixels, its transparency laid on white. */
export function pictureOf({ width, height, data }: Pixels): Picture {
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0, to = 0; to < rgb.length; i += 4, to += 3) {
    const alpha = data[i + 3]! / 255;
    for (let c = 0; c < 3; c++) rgb[to + c] = Math.round(255 + (data[i + c]! - 255) * alpha);
  }
  return { widthPx: width, heightPx: height, channels: 3, data: rgb };
}

/** A map at a size, transparent at 0 and the more opaque the farther from it. */
export function heatOf(
  map: Plane,
  scale: ColorScale,
  { width, height, centres }: { width: number; height: number; centres: PlaceCentres | undefined },
): Pixels {
  const isOfPixels = map.widthPx >= width;
  const spread = centres
    ? placedPlane(map, centres, width, height)
    : resizePlane(map, width, height, { filter: isOfPixels ? "nearest" : "bilinear" });
  const { data } = heatAlone(spread, scale);
  return { width, height, data: new Uint8ClampedArray(data.buffer as ArrayBuffer) };
}

const shownColours = 17;

export function shownScale({ min, max, map, beyond }: ColorScale, unit: string): ShownScale {
  const colours = Array.from({ length: shownColours }, (_, i) => {
    const [r, g, b] = colourAt(map, i / (shownColours - 1));
    return `rgb(${r} ${g} ${b})`;
  });
  return { min, max, unit, colours, ...(beyond ? { beyond } : {}) };
}
