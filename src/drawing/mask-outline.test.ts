/** @file Outlines of masks: white inside, black outside, nothing elsewhere, at any size. */
import { expect, test } from "vitest";
import { filled } from "../image/raster.ts";
import { outlined } from "./mask-outline.ts";

/** A mask of the middle four of 4 x 4 places. */
const middle = {
  widthPx: 4,
  heightPx: 4,
  inside: Uint8Array.from({ length: 16 }, (_, i) =>
    [1, 2].includes(i % 4) && [1, 2].includes(Math.floor(i / 4)) ? 1 : 0,
  ),
};

test.each([40, 88])("a mask's border is white inside and black outside on grey of %d", (side) => {
  const grey = filled(side, side, 3, 128);
  const drawn = outlined(grey, middle, grey, "smooth");
  const row = Array.from({ length: side }, (_, x) => drawn.data[3 * ((side / 2) * side + x)]!);
  const edge = side / 4;
  expect(row[edge]).toBe(255);
  expect(row[edge - 1]).toBe(0);
  expect(row[3 * edge - 1]).toBe(255);
  expect(row[3 * edge]).toBe(0);
  expect(row.filter((value) => value !== 128)).toHaveLength(4);
  expect(grey.data.every((value) => value === 128)).toBe(true);
});

test("a smaller picture is enlarged, and a mask of all of it is outlined along its sides", () => {
  const all = { widthPx: 2, heightPx: 1, inside: Uint8Array.of(1, 1) };
  const drawn = outlined(filled(2, 1, 1, 10), all, { widthPx: 60, heightPx: 30 }, "squares");
  expect([drawn.widthPx, drawn.heightPx, drawn.channels]).toEqual([60, 30, 3]);
  expect([...drawn.data.subarray(0, 3)]).toEqual([255, 255, 255]);
  expect([...drawn.data.subarray(3 * (15 * 60 + 30), 3 * (15 * 60 + 30) + 3)]).toEqual([
    10, 10, 10,
  ]);
  expect(drawn.data.includes(0)).toBe(false);
});
