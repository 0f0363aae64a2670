/** @file Tiles laid out anew are the same tiles. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { tiledAnew } from "./tiled-channels.ts";

/** Tiles of one grey each, which is the number of the tile. */
function numbered(count: number, columns: number, tileWidth: number, tileHeight: number) {
  const width = columns * tileWidth;
  const height = Math.ceil(count / columns) * tileHeight;
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const tile = Math.floor(y / tileHeight) * columns + Math.floor(x / tileWidth);
      if (tile < count) data.set([tile, tile, tile, 255], 4 * (y * width + x));
    }
  }
  return { sprite: { width, height, data }, columns, tileWidth, tileHeight };
}

test("tiles keep their order and their pixels in rows of any length", () => {
  const side = fc.integer({ min: 1, max: 5 });
  const length = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      length,
      length,
      side,
      side,
      (count, from, to, w, h) => {
        const anew = tiledAnew(numbered(count, from, w, h), count, to);
        expect(anew).toEqual(numbered(count, to, w, h).sprite);
      },
    ),
  );
});
