/** @file Statistics of a layer for one picture, against plain loops and by hand. */
import { expect, test } from "vitest";
import { tensorOf } from "../graph/tensor.ts";
import { picture, plane } from "../image/picture.ts";
import { layerStatistics, lumaOf } from "./layer-statistics.ts";

const luma = (widthPx: number, heightPx: number) =>
  plane(widthPx, heightPx, Float32Array.of(10, 20, 30, 40).subarray(0, widthPx * heightPx));

test("zeros, dead channels, mean and spread of three channels by hand", () => {
  const values = tensorOf("float32", [3, 2, 2], [1, 2, 3, 4, 0, 0, 0, 0, 0, 2, 0, -2]);
  const found = layerStatistics(values, luma);
  expect(found.zeroShare).toBe(6 / 12);
  expect(found.deadChannels).toEqual([1]);
  expect(found.mean).toBeCloseTo(10 / 12, 12);
  const square = (1 + 4 + 9 + 16 + 4 + 4) / 12;
  expect(found.spread).toBeCloseTo(Math.sqrt(square - (10 / 12) ** 2), 12);
});

test("effective channels: one, all alike, none", () => {
  const effective = (data: number[]) =>
    layerStatistics(tensorOf("float32", [3, 2, 2], data), luma).effectiveChannels;
  expect(effective([5, 5, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0])).toBe(1);
  expect(effective([1, 0, 0, 1, 0, -2, 0, 0, 2, 0, 0, 0])).toBeCloseTo(3, 12);
  expect(effective(Array<number>(12).fill(0))).toBe(0);
  // mean sizes 1, 1 and 0.5
  expect(effective([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 2, 0])).toBeCloseTo(2.5 ** 2 / 2.25, 12);
});

test("likeness is the median of correlations, signs aside, of channels that vary", () => {
  const likeness = (data: number[]) =>
    layerStatistics(tensorOf("float32", [data.length / 4, 2, 2], data), luma).pictureLikeness;
  expect(likeness([1, 2, 3, 4])).toBeCloseTo(1, 12);
  expect(likeness([4, 3, 2, 1, 7, 7, 7, 7])).toBeCloseTo(1, 12);
  expect(likeness([1, 2, 3, 4, 1, 0, 0, 1, 2, 1, 4, 3])).toBeCloseTo(0.6, 12);
  expect(likeness([3, 3, 3, 3])).toBeUndefined();
});

test("layers without places have statistics, and nothing of the picture", () => {
  const found = layerStatistics(tensorOf("float32", [4], [0, 1, 1, 0]), luma);
  expect(found).toMatchObject({
    zeroShare: 0.5,
    deadChannels: [0, 3],
    effectiveChannels: 2,
    pictureLikeness: undefined,
  });
});

test("luma is that of ITU-R 601", () => {
  const seen = picture(3, 1, 3, Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255));
  expect([...lumaOf(seen)(3, 1).data]).toEqual([76, 150, 29]);
});
