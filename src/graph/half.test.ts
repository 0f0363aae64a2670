import { assert, float, property } from "fast-check";
import { expect, test } from "vitest";
import { halfBits, toHalf } from "./half.ts";
import { float16ToNumber, tensor, toFloat32, toNumbers } from "./tensor.ts";

test("every number of half precision keeps its bits", () => {
  for (let bits = 0; bits < 2 ** 16; bits++) {
    const value = float16ToNumber(bits);
    if (Number.isNaN(value)) continue;
    expect(halfBits(value)).toBe(bits);
  }
});

test("a number becomes the nearest one of half precision, ties to even", () => {
  assert(
    property(float({ min: -65_000, max: 65_000, noNaN: true }), (value) => {
      const bits = halfBits(value);
      const error = Math.abs(float16ToNumber(bits) - value);
      for (const other of [bits - 1, bits + 1]) {
        if ((other & 0x7c00) === 0x7c00 || (other & 0x8000) !== (bits & 0x8000)) continue;
        const otherError = Math.abs(float16ToNumber(other) - value);
        expect(otherError > error || (otherError === error && bits % 2 === 0)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test("what is too large becomes infinite, and NaN stays NaN", () => {
  expect(float16ToNumber(halfBits(65_519))).toBe(65_504);
  expect(float16ToNumber(halfBits(65_520))).toBe(Number.POSITIVE_INFINITY);
  expect(float16ToNumber(halfBits(-1e9))).toBe(Number.NEGATIVE_INFINITY);
  expect(float16ToNumber(halfBits(Number.NaN))).toBeNaN();
});

test("tensors keep their shape", () => {
  const value = toHalf(tensor("float32", [2, 1], Float32Array.of(1, -0.5)));
  expect(value).toMatchObject({ type: "float16", dims: [2, 1] });
  expect(Array.from(value.data as Uint16Array, float16ToNumber)).toEqual([1, -0.5]);
});

test.each(["float16", "bfloat16"] as const)("all of %s as float32 are its numbers", (type) => {
  const value = tensor(
    type,
    [2 ** 16],
    Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits),
  );
  expect(Array.from(toFloat32(value))).toEqual(toNumbers(value));
  // 1.5 in both types, and the largest finite number of bfloat16.
  expect(
    toFloat32(tensor(type, [1], Uint16Array.of(type === "float16" ? 0x3e00 : 0x3fc0))),
  ).toEqual(Float32Array.of(1.5));
});
