/** @file Boxes of any layout are in pixels of the input; those of letterboxed photos come back to where they were. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { placeInInput, preprocessingOf } from "../../image/preprocess.ts";
import { placedBoxes } from "./boxes.ts";

const side = fc.integer({ min: 40, max: 2000 });
const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });
const inputs = [
  { channels: 3, heightPx: 64, widthPx: 64 },
  { channels: 3, heightPx: 96, widthPx: 160 },
  { channels: 3, heightPx: 640, widthPx: 640 },
] as const;

test.each(inputs)("letterboxed to $heightPx x $widthPx, wide and tall", (size) => {
  const how = preprocessingOf("letterbox");
  fc.assert(
    fc.property(side, side, share, share, (widthPx, heightPx, x, y) => {
      // The photo keeps its shape, and lies in the middle of grey borders.
      const scale = Math.min(size.widthPx / widthPx, size.heightPx / heightPx);
      const left = (size.widthPx - widthPx * scale) / 2;
      const top = (size.heightPx - heightPx * scale) / 2;
      const at = [left + x * widthPx * scale, top + y * heightPx * scale] as const;
      const box = { left: at[0], top: at[1], right: at[0], bottom: at[1], class: 0, score: 1 };
      const photo = { widthPx, heightPx, place: placeInInput({ widthPx, heightPx }, how, size) };
      const [placed] = placedBoxes([box], photo, ["dog"]);
      // Borders are whole pixels of the input.
      const pixel = 1.01 / scale;
      expect(Math.abs(placed!.left - x * widthPx)).toBeLessThan(pixel);
      expect(Math.abs(placed!.top - y * heightPx)).toBeLessThan(pixel);
      expect(placed!.label).toBe("dog");
    }),
  );
});

test("without borders, and of tensors, they are where the network says", () => {
  const box = { left: 4, top: 8, right: 12, bottom: 16, class: 1, score: 0.5 };
  const photo = {
    widthPx: 128,
    heightPx: 64,
    place: { left: 0, top: 0, widthPx: 64, heightPx: 32 },
  };
  const [placed] = placedBoxes([box], photo, undefined);
  expect(placed).toEqual({
    left: 8,
    top: 16,
    right: 24,
    bottom: 32,
    class: 1,
    label: null,
    score: 0.5,
  });
  expect(placedBoxes([box], undefined, undefined)[0]).toMatchObject({ left: 4, bottom: 16 });
});
