import { expect, test } from "vitest";
import { picture, type Picture } from "./picture.ts";
import { centreCrop, crop, filled, paste, pictureGrid } from "./raster.ts";

/** 3 x 2 pixels, each with its own two-digit number in each channel. */
const numbered = picture(
  3,
  2,
  3,
  Uint8Array.from({ length: 18 }, (_, i) => i),
);

test("a crop holds the pixels of its rectangle", () => {
  const part = crop(numbered, { left: 1, top: 1, widthPx: 2, heightPx: 1 });
  expect(part).toEqual(picture(2, 1, 3, Uint8Array.of(12, 13, 14, 15, 16, 17)));
});

test.each([
  { left: 2, top: 0, widthPx: 2, heightPx: 1 },
  { left: 0, top: -1, widthPx: 1, heightPx: 1 },
  { left: 0.5, top: 0, widthPx: 1, heightPx: 1 },
])("a crop beyond the picture is refused: %j", (part) => {
  expect(() => crop(numbered, part)).toThrow("must lie inside the picture, got one of 3 x 2.");
});

test("a crop that cannot lie in the middle lies where torchvision puts it", () => {
  // Offsets 0.5 and 1.5 are rounded to even numbers: 0 and 2.
  const row = (length: number): Picture => ({
    widthPx: length,
    heightPx: 1,
    channels: 1,
    data: Uint8Array.from({ length }, (_, i) => i),
  });
  expect([...centreCrop(row(3), 2, 1).data]).toEqual([0, 1]);
  expect([...centreCrop(row(5), 2, 1).data]).toEqual([2, 3]);
});

test("a crop from the centre is no larger than the picture", () => {
  expect(() => centreCrop(numbered, 4, 2)).toThrow(
    "crop: 4 x 2 must lie inside the picture, got one of 3 x 2. resize it first.",
  );
});

test("what is pasted covers its place and nothing else", () => {
  const target = filled(4, 3, 3, 200);
  paste(target, numbered, 1, 1);
  expect(crop(target, { left: 1, top: 1, widthPx: 3, heightPx: 2 })).toEqual(numbered);
  expect([...target.data].filter((value) => value === 200)).toHaveLength(3 * (4 * 3 - 6));
});

test.each([
  [filled(2, 2, 3, 0), 3, 0],
  [filled(1, 1, 3, 0), 0, -1],
  [filled(1, 1, 1, 0), 0, 0],
])("nothing is pasted beyond the borders, or of other channels", (part, left, top) => {
  expect(() => paste(filled(4, 3, 3, 0), part, left, top)).toThrow("with as many channels");
});

test("a colour fills all pixels", () => {
  expect([...filled(2, 1, 3, [1, 2, 3]).data]).toEqual([1, 2, 3, 1, 2, 3]);
});

test("a grid of grey and coloured pictures is transparent between them", () => {
  const red: Picture = filled(1, 1, 3, [255, 0, 0]);
  const grid = pictureGrid([red, filled(1, 1, 1, 9), red], 2, 1);
  expect(grid).toMatchObject({ widthPx: 3, heightPx: 3, channels: 4 });
  const pixel = (x: number, y: number) => [
    ...grid.data.subarray(4 * (3 * y + x), 4 * (3 * y + x) + 4),
  ];
  expect([pixel(0, 0), pixel(2, 0), pixel(0, 2)]).toEqual([
    [255, 0, 0, 255],
    [9, 9, 9, 255],
    [255, 0, 0, 255],
  ]);
  expect([pixel(1, 0), pixel(2, 2)]).toEqual([
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ]);
});
