import { expect, test } from "vitest";
import { pictureOfFloats } from "./float-picture.ts";

const size = { channels: 3, heightPx: 1, widthPx: 2 } as const;

test("planes become interleaved bytes; what is outside is clipped", () => {
  const shown = pictureOfFloats(Float32Array.of(0, 1, 0.5, -1, 2, 0.2), size, "range");
  expect([...shown.data]).toEqual([0, 128, 255, 255, 0, 51]);
});

test("standardised: mean 0.5, deviation 0.1", () => {
  const data = Float32Array.of(10, 12, 10, 12, 10, 12);
  expect([...pictureOfFloats(data, size, "standardized").data]).toEqual([
    102, 102, 102, 153, 153, 153,
  ]);
});

test("a flat picture is grey", () => {
  const data = new Float32Array(6).fill(3);
  expect([...pictureOfFloats(data, size, "standardized").data]).toEqual(Array(6).fill(128));
});

test("stretched: black is the smallest number, white the largest", () => {
  const data = Float32Array.of(-3, 1, -1, 1, -3, 0);
  expect([...pictureOfFloats(data, size, "stretched").data]).toEqual([0, 128, 0, 255, 255, 191]);
  expect([...pictureOfFloats(new Float32Array(6).fill(3), size, "stretched").data]).toEqual(
    Array(6).fill(0),
  );
});
