/** @file What is painted on what the network sees is read back by the command at the same places, whatever the preparation. */
import { assert, asyncProperty, constantFrom, integer } from "fast-check";
import { expect, test } from "vitest";
import { readRegion } from "../../src/app/attribute/region.ts";
import { tensorOf } from "../../src/graph/tensor.ts";
import { placeInInput, preprocessingOf } from "../../src/image/preprocess.ts";
import { paintedBetween, emptyGrid } from "../page/picture/painted-grid.ts";
import { boxRegion, paintedRegion } from "../shown-region.ts";
import { namedPart } from "./named-part.ts";

const nowhere = {
  readBytes: () => Promise.reject(new Error("nothing is read")),
  readPicture: () => Promise.reject(new Error("nothing is read")),
};

test("painted places come back, of photos of any size", async () => {
  const side = integer({ min: 60, max: 2400 });
  const resize = constantFrom("crop", "stretch", "pad");
  await assert(
    asyncProperty(side, side, resize, integer({ min: 6, max: 50 }), async (w, h, fitted, at) => {
      const size = { channels: 3 as const, heightPx: 56, widthPx: 112 };
      const how = { ...preprocessingOf("none"), resize: fitted };
      const input = tensorOf("float32", [1, 3, 56, 112], new Float32Array(3 * 56 * 112));
      // A line is no photo.
      if (Math.max(w / h, h / w) > 6) return;
      const place = placeInInput({ widthPx: w, heightPx: h }, how, size);
      const source = { input, photo: { widthPx: w, heightPx: h, place } };
      const middle = { x: at, y: 14 };
      const grid = paintedBetween(emptyGrid({ width: 112, height: 56 }), middle, middle, {
        radius: 5,
        isErasing: false,
      });
      const part = namedPart(paintedRegion(grid), source)!;
      const isPadded = (x: number, y: number) =>
        x < place.left ||
        y < place.top ||
        x + 1 > place.left + place.widthPx ||
        y + 1 > place.top + place.heightPx;
      if (!part.mask!.data.includes(255)) return;
      const read = await readRegion(nowhere, part, source);
      const { inside } = read!.region as { inside: Uint8Array };
      for (const [i, one] of inside.entries()) {
        const [x, y] = [i % 112, Math.floor(i / 112)];
        // A pixel of the photo may be larger than one of the input, and lie over a border.
        const near = Math.max(place.widthPx / w, place.heightPx / h, 1);
        const painted = (dx: number, dy: number) =>
          grid.inside[Math.floor((y + dy) / 2) * 56 + Math.floor((x + dx) / 2)];
        const around = [-near, near].flatMap((dx) => [-near, near].map((dy) => painted(dx, dy)));
        const isUniform = around.every((each) => each === painted(0, 0));
        if (isUniform && !isPadded(x, y)) expect([x, y, one]).toEqual([x, y, painted(0, 0)]);
      }
    }),
    { numRuns: 40 },
  );
});

test("a box is in the photo's pixels; no text is no part", () => {
  const input = tensorOf("float32", [1, 1, 10, 10], new Float32Array(100));
  const photo = {
    widthPx: 40,
    heightPx: 20,
    place: { left: -5, top: 0, widthPx: 20, heightPx: 10 },
  };
  const box = boxRegion({ left: 0.1, top: 0.2, right: 1, bottom: 0.5 });
  expect(namedPart(box, { input, photo })).toEqual({ box: "12,4,30,10" });
  expect(namedPart(box, { input })).toEqual({ box: "1,2,10,5" });
  expect(namedPart(undefined, { input })).toBeUndefined();
  expect(namedPart("box_0_0", { input })).toBeUndefined();
});
