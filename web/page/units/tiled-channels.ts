/** @file The tiles of a sprite, laid out anew in rows of another length. */
import type { Pixels, ShownChannels } from "../../protocol.ts";

type Tiles = Pick<ShownChannels, "sprite" | "columns" | "tileWidth" | "tileHeight">;

/** `count` tiles, row by row, `columns` to a row; places without a tile are transparent. */
export function tiledAnew(tiles: Tiles, count: number, columns: number): Pixels {
  if (columns === tiles.columns) return tiles.sprite;
  const { sprite, tileWidth, tileHeight } = tiles;
  const width = columns * tileWidth;
  const height = Math.ceil(count / columns) * tileHeight;
  const data = new Uint8ClampedArray(4 * width * height);
  for (let tile = 0; tile < count; tile++) {
    const from = cornerOf(tile, tiles.columns, tiles);
    const to = cornerOf(tile, columns, tiles);
    for (let row = 0; row < tileHeight; row++) {
      const start = 4 * ((from.y + row) * sprite.width + from.x);
      const line = sprite.data.subarray(start, start + 4 * tileWidth);
      data.set(line, 4 * ((to.y + row) * width + to.x));
    }
  }
  return { width, height, data };
}

/** Of a tile, in pixels of the sprite that has so many to a row. */
function cornerOf(
  tile: number,
  columns: number,
  { tileWidth, tileHeight }: Tiles,
): { readonly x: number; readonly y: number } {
  return { x: (tile % columns) * tileWidth, y: Math.floor(tile / columns) * tileHeight };
}
