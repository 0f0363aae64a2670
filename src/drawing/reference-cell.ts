/** @file What a score is compared with, shown beside the input. */
import { toRgb, type Picture } from "../image/picture.ts";
import { resizePicture } from "../image/resize.ts";
import type { SheetCell } from "./sheet.ts";

/** The reference of a figure. */
export interface ShownReference {
  /** As the network sees them; at least one. */
  readonly pictures: readonly Picture[];
  readonly name: string;
  /** The numbers whose difference is explained, with what they are called: "value 61.2"; of similarities there are none. */
  readonly own?: string;
  readonly value?: string;
}

/** A picture alone, or all of several as tiles: their blend is no picture that was compared with. */
export function referenceCell({ pictures, name, value }: ShownReference): SheetCell {
  const [first, ...others] = pictures as [Picture, ...Picture[]];
  const size = `${first.widthPx} × ${first.heightPx}`;
  return {
    title: others.length === 0 ? `reference, ${size}` : `reference, ${pictures.length} pictures`,
    picture: others.length === 0 ? first : tiled(pictures),
    enlarge: "smooth",
    ...(value === undefined ? {} : { captions: [value] }),
    notes: [name],
  };
}

/** Longer side of tiled pictures together, and what is left white between them. */
const longestPx = 520;
const gapPx = 4;

/** Pictures of one size in rows of equally many, RGB on white. */
function tiled(pictures: readonly Picture[]): Picture {
  const [first] = pictures as [Picture];
  const columns = Math.ceil(Math.sqrt(pictures.length));
  const rows = Math.ceil(pictures.length / columns);
  const share = longestPx / columns / Math.max(first.widthPx, first.heightPx);
  const tileWidth = Math.max(Math.round(first.widthPx * share), 1);
  const tileHeight = Math.max(Math.round(first.heightPx * share), 1);
  const widthPx = columns * (tileWidth + gapPx) - gapPx;
  const heightPx = rows * (tileHeight + gapPx) - gapPx;
  const data = new Uint8Array(3 * widthPx * heightPx).fill(255);
  for (const [i, each] of pictures.entries()) {
    const tile = toRgb(resizePicture(each, tileWidth, tileHeight, "bicubic"));
    const left = (i % columns) * (tileWidth + gapPx);
    const top = Math.floor(i / columns) * (tileHeight + gapPx);
    for (let y = 0; y < tileHeight; y++) {
      const row = tile.data.subarray(3 * y * tileWidth, 3 * (y + 1) * tileWidth);
      data.set(row, 3 * ((top + y) * widthPx + left));
    }
  }
  return { widthPx, heightPx, channels: 3, data };
}
