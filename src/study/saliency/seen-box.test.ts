/** @file Boxes follow what a network sees of a picture. */
import { expect, test } from "vitest";
import { picture } from "../../image/picture.ts";
import { preprocessings } from "../../image/preprocess.ts";
import { seenBox } from "./seen-box.ts";

const wide = picture(200, 100, 3, new Uint8Array(60_000));

test("a crop keeps the centre: its box becomes all that is seen", () => {
  // The shorter side is 100, of which 87.5 are kept around (100, 50).
  const seen = {
    left: (100 - 43.75) / 200,
    right: (100 + 43.75) / 200,
    top: 0.0625,
    bottom: 0.9375,
  };
  const box = seenBox(seen, wide, preprocessings.torchvision);
  expect(box.left).toBeCloseTo(0, 12);
  expect(box.right).toBeCloseTo(1, 12);
  expect(box.top).toBeCloseTo(0, 12);
  expect(box.bottom).toBeCloseTo(1, 12);
});

test("what is cut off is left out, and the middle stays in the middle", () => {
  const box = seenBox(
    { left: 0, right: 0.5, top: 0, bottom: 0.5 },
    wide,
    preprocessings.torchvision,
  );
  expect(box).toEqual({ left: 0, right: 0.5, top: 0, bottom: 0.5 });
});

test("stretching changes no share; borders make the picture smaller", () => {
  const box = { left: 0.1, right: 0.4, top: 0, bottom: 1 };
  expect(seenBox(box, wide, { ...preprocessings.unit, resize: "stretch" })).toEqual(box);
  const padded = seenBox(box, wide, { ...preprocessings.unit, resize: "pad" });
  expect(padded.left).toBeCloseTo(0.1, 12);
  expect(padded.top).toBeCloseTo(0.25, 12);
  expect(padded.bottom).toBeCloseTo(0.75, 12);
});
