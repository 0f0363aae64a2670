import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  areaHolding,
  halves,
  negativeMassShare,
  positiveEntropy,
  positiveMassWithin,
} from "./positive-mass.ts";
import { describeMap, regionOf } from "./describe-map.ts";
import { maximumOf, placesOf, type PlaceMap } from "./place-map.ts";

const mapOf = (height: number, width: number, values: readonly number[]): PlaceMap => {
  return { height, width, data: Float32Array.from(values) };
};

const maps = fc
  .record({ height: fc.integer({ min: 1, max: 7 }), width: fc.integer({ min: 1, max: 7 }) })
  .chain(({ height, width }) =>
    fc
      .array(fc.float({ min: -10, max: 10, noNaN: true }), {
        minLength: height * width,
        maxLength: height * width,
      })
      .map((values) => mapOf(height, width, values)),
  )
  .filter(({ data }) => data.some((value) => value > 1e-3));

/** The positive mass spread over a fine grid: what a box holds is counted, not computed. */
function countedWithin(map: PlaceMap, box: readonly number[], fine: number): number {
  const [left, top, right, bottom] = box as [number, number, number, number];
  let [inside, total] = [0, 0];
  for (let row = 0; row < map.height * fine; row++) {
    for (let column = 0; column < map.width * fine; column++) {
      const value = map.data[Math.floor(row / fine) * map.width + Math.floor(column / fine)]!;
      const mass = Math.max(0, value);
      const [x, y] = [(column + 0.5) / (map.width * fine), (row + 0.5) / (map.height * fine)];
      total += mass;
      if (x > left && x < right && y > top && y < bottom) inside += mass;
    }
  }
  return inside / total;
}

describe("positiveMassWithin", () => {
  test("counts places that the box cuts by their area inside", () => {
    fc.assert(
      fc.property(maps, fc.integer({ min: 0, max: 3 }), (map, cut) => {
        // Edges at quarters of places, which a grid of four a place meets exactly.
        const left = cut / (4 * map.width);
        const bottom = 1 - cut / (4 * map.height);
        const within = positiveMassWithin(map, { left, top: 0, right: 1, bottom });
        expect(within).toBeCloseTo(countedWithin(map, [left, 0, 1, bottom], 4), 6);
      }),
    );
  });

  test("halves add up to the whole", () => {
    fc.assert(
      fc.property(maps, (map) => {
        const of = (name: keyof typeof halves) => positiveMassWithin(map, halves[name]);
        expect(of("left") + of("right")).toBeCloseTo(1, 9);
        expect(of("upper") + of("lower")).toBeCloseTo(1, 9);
      }),
    );
  });

  test("negative numbers have no part in it", () => {
    expect(positiveMassWithin(mapOf(1, 4, [3, -9, 1, -5]), halves.left)).toBe(0.75);
    expect(positiveMassWithin(mapOf(1, 2, [-1, 0]), halves.left)).toBeNaN();
  });

  test.each([
    { left: 0.5, top: 0, right: 0.5, bottom: 1 },
    { left: 0, top: -0.1, right: 1, bottom: 1 },
    { left: 0, top: 0, right: 2, bottom: 1 },
    { left: Number.NaN, top: 0, right: 1, bottom: 1 },
  ])("refuses the box %j", (box) => {
    expect(() => positiveMassWithin(mapOf(1, 1, [1]), box)).toThrow(/inside the picture/);
  });
});

describe("areaHolding", () => {
  test.each([
    ["half of an even map", [1, 1, 1, 1, 1, 1], 0.5, 0.5],
    ["one place of all the mass counts by half", [0, 8, 0, 0], 0.5, 0.125],
    ["the largest first", [1, 6, 1, 4], 0.5, 0.25],
    ["and then a part of the next", [1, 6, 1, 4], 0.75, (1 + 3 / 4) / 4],
    ["everything", [1, 0, 2, 0], 1, 0.5],
  ])("%s", (_, values, share, area) => {
    expect(areaHolding(mapOf(1, values.length, values), share)).toBeCloseTo(area, 12);
  });

  test("is the greedy count on finely divided places", () => {
    fc.assert(
      fc.property(maps, (map) => {
        const fine = Array.from(map.data).flatMap((value) =>
          Array<number>(100).fill(Math.max(0, value)),
        );
        fine.sort((a, b) => b - a);
        const half = fine.reduce((sum, mass) => sum + mass, 0) / 2;
        let [held, count] = [0, 0];
        while (held < half * (1 - 1e-9)) held += fine[count++]!;
        expect(Math.abs(areaHolding(map) - count / fine.length)).toBeLessThan(
          1.01 / map.data.length / 100,
        );
      }),
    );
  });

  test("nothing positive has no area", () => {
    expect(areaHolding(mapOf(1, 2, [-1, 0]))).toBeNaN();
  });
});

test("entropy is 0 in one place, 1 everywhere alike, and the formula's between", () => {
  expect(positiveEntropy(mapOf(2, 2, [0, 7, 0, -3]))).toBeCloseTo(0, 12);
  expect(positiveEntropy(mapOf(2, 3, [2, 2, 2, 2, 2, 2]))).toBeCloseTo(1, 12);
  const expected = -(0.25 * Math.log2(0.25) + 0.75 * Math.log2(0.75)) / Math.log2(3);
  expect(positiveEntropy(mapOf(1, 3, [1, 3, -2]))).toBeCloseTo(expected, 12);
  expect(positiveEntropy(mapOf(1, 2, [-1, -1]))).toBeNaN();
});

test("entropy and area do not change with the map's scale", () => {
  fc.assert(
    fc.property(maps, (map) => {
      const large = mapOf(
        map.height,
        map.width,
        Array.from(map.data, (value) => 1024 * value),
      );
      expect(positiveEntropy(large)).toBeCloseTo(positiveEntropy(map), 9);
      expect(areaHolding(large)).toBeCloseTo(areaHolding(map), 9);
    }),
  );
});

test("the maximum is the first of the largest, at the middle of its place", () => {
  expect(maximumOf(mapOf(2, 4, [0, 1, 5, 5, 2, 5, 0, 0]))).toEqual({ x: 0.625, y: 0.25, value: 5 });
  expect(maximumOf(mapOf(1, 2, [Number.NaN, -3])).value).toBe(-3);
});

test("negative mass", () => {
  expect(negativeMassShare(mapOf(1, 3, [1, -2, 1]))).toBe(0.5);
  expect(negativeMassShare(mapOf(1, 2, [0, 0]))).toBeNaN();
});

test("channels of a pixel map: the number farthest from 0, or the sum", () => {
  const map = { data: Float32Array.of(1, -4, 2, -3, 3, 2), dims: [3, 1, 2] };
  expect([...placesOf(map).data]).toEqual([3, -4]);
  expect([...placesOf(map, "sum").data]).toEqual([6, -5]);
});

test.each([
  [0.1, 0.1, "upper left"],
  [0.5, 0.1, "top"],
  [0.9, 0.5, "right"],
  [0.5, 0.5, "centre"],
  [0.1, 0.99, "lower left"],
  [1, 1, "lower right"],
])("%d across and %d down is %s", (x, y, words) => {
  expect(regionOf({ x, y })).toBe(words);
});

describe("the sentence", () => {
  const textOf = (values: readonly number[]) =>
    describeMap({ data: Float32Array.from(values), dims: [3, 3] }).text;

  test.each([
    [
      [9, 0, 0, 0, 0, 0, 0, 1, 0],
      "maximum at upper left; 6 % of the picture holds half of the positive mass",
    ],
    [
      [0, 0, 0, 0, 0, 3, 0, -1, 0],
      "maximum at right; 6 % of the picture holds half of the positive mass; 25 % of all mass is negative",
    ],
    [[0, 0, 0, 0, 0, 0, 0, 0, 0], "0 everywhere"],
    [[2, 2, 2, 2, 2, 2, 2, 2, 2], "2 everywhere"],
    [[-1, -1, -1, -1, -2, -1, -1, -1, -1], "no place is positive; minimum at centre"],
    [[0, 0, 0, 0, 0, 0, 0, -2, 0], "nothing is positive; minimum at bottom"],
    [[0, Number.NaN, 0, 0, 0, 0, 0, 0, 0], "holds NaN or infinity"],
  ])("of %j", (values, text) => {
    expect(textOf(values)).toBe(text);
  });
});

describe("places that lie on no plain grid", () => {
  const centres = { x: [0.25, 0.5, 0.75], y: [-0.1, 0.5, 0.6] };

  test.each([
    [0, { x: 0.25, y: 0 }],
    [4, { x: 0.5, y: 0.5 }],
    [8, { x: 0.75, y: 0.6 }],
  ])("the maximum at place %i lies at its centre, and never outside of the picture", (i, at) => {
    const data = new Float32Array(9);
    data[i] = 1;
    expect(describeMap({ data, dims: [3, 3], centres }).maximum).toEqual({ ...at, value: 1 });
  });

  test("mass lies where the places do", () => {
    const map = { height: 3, width: 3, data: new Float32Array(9).fill(1), centres };
    // Columns end at 0.125, 0.375, 0.625 and 0.875: half of the second lies left of the middle.
    expect(positiveMassWithin(map, halves.left)).toBeCloseTo(0.5, 6);
    expect(positiveMassWithin(map, { left: 0, top: 0, right: 0.125, bottom: 1 })).toBe(0);
    expect(positiveMassWithin(map, { left: 0, top: 0, right: 1, bottom: 1 })).toBeCloseTo(1, 6);
  });
});
