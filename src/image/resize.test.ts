import { describe, expect, test } from "vitest";
import type { Picture, Plane } from "./picture.ts";
import { resizeFilters, resizePicture, resizePlane, resizeShorterSide } from "./resize.ts";

/** 7 x 5 RGB pixels without any regularity: element i is (73 i + 11 i^2) mod 256. */
const colourful: Picture = {
  widthPx: 7,
  heightPx: 5,
  channels: 3,
  data: Uint8Array.from({ length: 105 }, (_, i) => (73 * i + 11 * i * i) % 256),
};

/** 5 x 3 numbers: element i is 7 i mod 11, minus 4. */
const numbers: Plane = {
  widthPx: 5,
  heightPx: 3,
  data: Float32Array.from({ length: 15 }, (_, i) => ((7 * i) % 11) - 4),
};

describe("resizePicture makes the bytes of Pillow 9.4", () => {
  test.each([
    [
      "nearest",
      [152, 252, 118, 58, 34, 32, 244, 96, 226, 254, 254, 20, 72, 204, 102, 170, 178, 208],
    ],
    ["box", [145, 126, 130, 87, 91, 118, 174, 102, 180, 108, 178, 78, 80, 187, 188, 76, 92, 130]],
    [
      "bilinear",
      [129, 127, 115, 84, 92, 110, 160, 118, 176, 140, 153, 113, 94, 149, 170, 109, 112, 152],
    ],
    [
      "bicubic",
      [129, 122, 114, 79, 89, 102, 167, 120, 182, 143, 152, 111, 94, 156, 182, 106, 106, 147],
    ],
  ] as const)("smaller, %s", (filter, expected) => {
    expect([...resizePicture(colourful, 3, 2, filter).data]).toEqual(expected);
  });

  test.each([
    ["bilinear", [30, 136, 155, 50, 67, 54, 133, 168, 93, 118, 198, 154, 84, 133, 135]],
    ["bicubic", [16, 144, 165, 46, 51, 44, 141, 173, 86, 118, 214, 150, 77, 140, 141]],
    ["box", [31, 148, 159, 39, 32, 47, 156, 248, 106, 128, 191, 148, 31, 148, 159]],
    ["nearest", [0, 84, 190, 66, 26, 8, 156, 248, 106, 14, 238, 228, 0, 84, 190]],
  ] as const)("narrower and taller, %s", (filter, expected) => {
    expect([...resizePicture(colourful, 4, 9, filter).data.subarray(0, 15)]).toEqual(expected);
  });
});

describe("resizePlane gives the numbers of PyTorch's interpolate", () => {
  test.each([
    ["bilinear", false, [1.75, 3.4375, -1.4375, 0.25]],
    ["bilinear", true, [0.5625, 2.0625, -0.0625, 1.4375]],
    ["bicubic", false, [2.55864, 4.024445, -2.024445, -0.55864]],
    ["bicubic", true, [0.422253, 2.193779, -0.193779, 1.577747]],
  ] as const)("smaller, %s, antialias %s", (filter, antialias, expected) => {
    expect(resizePlane(numbers, 2, 2, { filter, antialias }).data).toBeAllclose(expected);
  });

  test.each([
    ["bilinear", false, [-4, -0.9375, 2.75, 0.25, 1.1875, 5.5625, 3.75, 2, -2.75, 0.3125]],
    ["bilinear", true, [-4, -0.9375, 2.75, 0.25, 1.1875, 5.5625, 3.75, 2, -2.75, 0.3125]],
    ["bicubic", false, [-4.793396, -0.81189, 2.924711, -0.48456, 0.931844, 6.445328, 4.544043]],
    ["bicubic", true, [-4.608168, -1.139527, 2.926453, -0.340031, 0.81562, 6.30923, 4.082926]],
  ] as const)("larger, %s, antialias %s", (filter, antialias, expected) => {
    const { data } = resizePlane(numbers, 8, 4, { filter, antialias });
    expect(data.subarray(0, expected.length)).toBeAllclose(expected);
  });

  test("a box of whole pixels is their mean", () => {
    const source: Plane = {
      widthPx: 4,
      heightPx: 2,
      data: Float32Array.of(1, 3, 5, 7, 2, 4, -6, 0),
    };
    expect([...resizePlane(source, 2, 1, { filter: "box" }).data]).toEqual([2.5, 1.5]);
  });

  test.each(resizeFilters)("%s keeps a constant", (filter) => {
    const constant: Plane = { widthPx: 6, heightPx: 4, data: new Float32Array(24).fill(-2.5) };
    for (const antialias of [true, false]) {
      const { data } = resizePlane(constant, 11, 3, { filter, antialias });
      expect(data).toBeAllclose(Array<number>(33).fill(-2.5));
    }
  });
});

test("the shorter side decides and the longer is rounded down", () => {
  const tall: Picture = { widthPx: 3, heightPx: 5, channels: 1, data: new Uint8Array(15) };
  expect(resizeShorterSide(tall, 4)).toMatchObject({ widthPx: 4, heightPx: 6 });
  const wide: Picture = { widthPx: 5, heightPx: 3, channels: 1, data: new Uint8Array(15) };
  expect(resizeShorterSide(wide, 2)).toMatchObject({ widthPx: 3, heightPx: 2 });
});

test("sizes that make no picture are refused", () => {
  expect(() => resizePicture(colourful, 0, 2)).toThrow(
    "resize: sides must be positive whole numbers, got 0 x 2.",
  );
});
