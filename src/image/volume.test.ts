import { expect, test } from "vitest";
import { farthestOfChannels, peakOf, placeIn, sliceAcross, type Volume } from "./volume.ts";

const volume: Volume = { dims: [2, 3, 4], data: Float32Array.from({ length: 24 }, (_, i) => i) };

test("slices across each axis hold the other two, down and to the right", () => {
  expect(sliceAcross(volume, 0, 1)).toMatchObject({
    widthPx: 4,
    heightPx: 3,
    data: volume.data.slice(12),
  });
  expect([...sliceAcross(volume, 1, 2).data]).toEqual([8, 9, 10, 11, 20, 21, 22, 23]);
  expect([...sliceAcross(volume, 2, 0).data]).toEqual([0, 4, 8, 12, 16, 20]);
});

test("between two voxels a slice is mixed of both, and beyond the ends it is the outermost", () => {
  expect(sliceAcross(volume, 0, 0.25).data[0]).toBe(3);
  expect(sliceAcross(volume, 0, -3).data[0]).toBe(0);
  expect(sliceAcross(volume, 0, 9).data[0]).toBe(12);
});

test("a place in one volume is the same share of another", () => {
  expect(placeIn(0, 2, 8)).toBe(1.5);
  expect(placeIn(1, 2, 8)).toBe(5.5);
  expect(placeIn(3, 8, 8)).toBe(3);
});

test("the peak is the largest number, the smallest where none is positive, none of a plain volume", () => {
  expect(peakOf(volume)).toEqual({ at: [1, 2, 3], kind: "maximum" });
  const negative = { ...volume, data: volume.data.map((value) => -1 - value) };
  expect(peakOf(negative)).toEqual({ at: [1, 2, 3], kind: "minimum" });
  expect(peakOf({ ...volume, data: new Float32Array(24) })).toBeUndefined();
  expect(peakOf({ ...volume, data: new Float32Array(24).fill(Number.NaN) })).toBeUndefined();
});

test("of several channels the number farthest from 0 stands at a voxel", () => {
  const merged = farthestOfChannels(Float32Array.of(1, -2, -3, 1), [1, 1, 2]);
  expect([...merged.data]).toEqual([-3, -2]);
});
