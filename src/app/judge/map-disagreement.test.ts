import { expect, test } from "vitest";
import { plane } from "../../image/picture.ts";
import { disagreementOf } from "./map-disagreement.ts";

const rising = Float32Array.from({ length: 16 }, (_, i) => i);

test("maps in one order agree, in opposite orders disagree by 2", () => {
  const map = plane(4, 4, rising);
  expect(disagreementOf(map, plane(4, 4, rising.map(Math.sqrt)))).toBeCloseTo(0);
  expect(disagreementOf(map, plane(4, 4, rising.toReversed()))).toBeCloseTo(2);
});

test("of two sizes the one with fewer places counts, and it does not matter which comes first", () => {
  const fine = plane(
    64,
    64,
    Float32Array.from({ length: 4096 }, (_, i) => Math.floor(i / 64)),
  );
  const coarse = plane(2, 2, Float32Array.of(0, 0, 1, 1));
  expect(disagreementOf(fine, coarse)).toBeCloseTo(0);
  expect(disagreementOf(coarse, fine)).toBeCloseTo(0);
});

test("of a map that is even there is no order", () => {
  expect(disagreementOf(plane(2, 2, new Float32Array(4)), plane(4, 4, rising))).toBeUndefined();
});
