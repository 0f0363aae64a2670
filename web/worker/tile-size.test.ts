import { expect, test } from "vitest";
import { tileSize } from "./tile-size.ts";

test("a tile has the proportions of its map, unless that is nearly a line", () => {
  const sizes = [
    { widthPx: 24, heightPx: 10 },
    { widthPx: 10, heightPx: 24 },
    { widthPx: 1, heightPx: 1 },
    { widthPx: 200, heightPx: 1 },
  ].map((map) => tileSize(map, 48));
  expect(sizes).toEqual([
    { width: 48, height: 20 },
    { width: 20, height: 48 },
    { width: 48, height: 48 },
    { width: 48, height: 6 },
  ]);
});
