/** @file Pictures in batches of one size. */
import { assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { tensor } from "../graph/tensor.ts";
import { batchesOf } from "./batches.ts";

test("every picture is in one batch, in its order, and the last one stands for those that are missing", () => {
  assert(
    property(
      integer({ min: 1, max: 9 }),
      integer({ min: 1, max: 5 }),
      integer({ min: 1, max: 3 }),
      (count, size, length) => {
        const numbers = Float32Array.from({ length: count * length }, (_, i) => i);
        const pictures = tensor("float32", [count, length], numbers);
        const batches = batchesOf(pictures, size);
        expect(batches.flatMap(({ rows }) => rows)).toEqual([...Array(count).keys()]);
        for (const [b, { pictures: fed }] of batches.entries()) {
          const rows = Array.from({ length: size }, (_, i) => Math.min(b * size + i, count - 1));
          const wanted = rows.flatMap((row) => [
            ...numbers.subarray(row * length, (row + 1) * length),
          ]);
          expect(fed.dims).toEqual([size, length]);
          expect([...(fed.data as Float32Array)]).toEqual(wanted);
        }
      },
    ),
  );
});

test("pictures that fill a batch are not copied", () => {
  const numbers = new Float32Array(6);
  const [first, second] = batchesOf(tensor("float32", [3, 2], numbers), 2);
  expect((first!.pictures.data as Float32Array).buffer).toBe(numbers.buffer);
  expect((second!.pictures.data as Float32Array).buffer).not.toBe(numbers.buffer);
});
