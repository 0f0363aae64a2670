/** @file Cells of inputs of every kind, and a map's number in each. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InputPart } from "../../graph/input-parts.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { Heatmap } from "../heatmap.ts";
import { cellNumbers, cellsOf, nearnessToMiddle, orderBy, tiedShare } from "./hidden-cells.ts";

function partOf(kind: InputPart["kind"], sides: readonly number[], channels = 1): InputPart {
  return { name: "x", kind, sides, channels, firstChannel: 0 } as unknown as InputPart;
}

function mapOf(dims: readonly number[], data: readonly number[], rest: Partial<Heatmap> = {}) {
  return { dims, data: Float32Array.from(data), ...rest } as Heatmap;
}

describe("cells", () => {
  test.each([
    ["picture", [224, 224], [1, 3, 224, 224], [14, 14]],
    ["picture", [28, 9], [1, 1, 28, 9], [14, 9]],
    ["signal", [1000], [1, 2, 1, 1000], [196]],
    ["numbers", [7], [1, 1, 1, 7], [7]],
    ["volume", [12, 5, 20], [1, 1, 60, 20], [6, 5, 6]],
  ] as const)("of a %s of sides %j", (kind, sides, dims, along) => {
    const cells = cellsOf(partOf(kind, sides), dims);
    expect(cells.along).toEqual(along);
    expect(cells.count).toBe(elementCount(along));
    expect(cells.labels.length).toBe(elementCount(sides));
    expect(new Set(cells.labels).size).toBe(cells.count);
  });

  test("sum the channels of a map, of slopes their sizes, and take the mean over a cell", () => {
    const cells = cellsOf(partOf("picture", [2, 28], 2), [1, 2, 2, 28]);
    const data = Array.from({ length: 112 }, (_, i) => (i < 56 ? 1 : i % 2 === 0 ? -3 : 1));
    expect([...cellNumbers(mapOf([2, 2, 28], data), cells, false)]).toEqual(Array(28).fill(0));
    expect([...cellNumbers(mapOf([2, 2, 28], data), cells, true)]).toEqual(Array(28).fill(3));
  });

  test("place a layer's map on the picture: its largest place is in the cells that it lies on", () => {
    const cells = cellsOf(partOf("picture", [56, 56]), [1, 1, 56, 56]);
    const data = Array.from({ length: 49 }, (_, i) => (i === 8 ? 1 : 0));
    const best = orderBy(cellNumbers(mapOf([7, 7], data), cells, false)).slice(0, 4);
    expect(best.toSorted((a, b) => a - b)).toEqual([
      2 * 14 + 2,
      2 * 14 + 3,
      3 * 14 + 2,
      3 * 14 + 3,
    ]);
  });

  test("place maps of signals and volumes by their centres", () => {
    const signal = cellsOf(partOf("signal", [100]), [1, 1, 1, 100]);
    const centres = { x: [0.1, 0.9], y: [0.5] };
    const row = cellNumbers(mapOf([2], [0, 1], { kind: "signal", centres }), signal, false);
    expect(row[5]).toBe(0);
    expect(row[95]).toBe(1);
    const volume = cellsOf(partOf("volume", [6, 6, 6]), [1, 1, 36, 6]);
    const data = [0, 0, 0, 0, 0, 0, 0, 1];
    const found = cellNumbers(mapOf([2, 2, 2], data, { kind: "volume" }), volume, false);
    expect(orderBy(found)[0]).toBeGreaterThan(120);
    expect(found.at(-1)).toBeCloseTo(1, 6);
    expect(found[0]).toBe(0);
  });

  test("an order holds every cell once, from the largest on; equal ones are drawn alike every time", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 60 }),
        (numbers) => {
          const order = orderBy(numbers);
          expect(order).toEqual(orderBy(numbers));
          expect(order.toSorted((a, b) => a - b)).toEqual([...numbers.keys()]);
          const sorted = order.map((cell) => numbers[cell]!);
          expect(sorted).toEqual(numbers.toSorted((a, b) => b - a));
          const ties = numbers.filter(
            (value) => numbers.filter((other) => other === value).length > 1,
          );
          expect(tiedShare(numbers)).toBeCloseTo(ties.length / numbers.length, 10);
        },
      ),
    );
  });

  test("the middle comes first where there are places", () => {
    const cells = cellsOf(partOf("picture", [5, 5]), [1, 1, 5, 5]);
    const order = orderBy(nearnessToMiddle(cells)!);
    expect(order[0]).toBe(12);
    expect(order.slice(-4).toSorted((a, b) => a - b)).toEqual([0, 4, 20, 24]);
    expect(nearnessToMiddle(cellsOf(partOf("numbers", [4]), [1, 1, 1, 4]))).toBeUndefined();
  });
});
