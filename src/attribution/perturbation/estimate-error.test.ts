/** @file Maps of as many tries as their error needs: against exact expectations, with what they say of themselves. */
import { describe, expect, test } from "vitest";
import { height, places, threeLayers, width } from "../../../test/three-layers.ts";
import { correlation } from "../../statistics.ts";
import { describeMap } from "../diagnosis/describe-map.ts";
import { shareDone, spreadError } from "./estimate-error.ts";
import { kernelShap } from "./kernel-shap.ts";
import { rise } from "./rise.ts";

const network = threeLayers(1);
const { model, input } = network;
const target = 1;

/** RISE over every mask of 2 x 2 cells that can be drawn, each with its probability, in float64. */
function exactRise(keep: number): number[] {
  const cell = [height, width].map((side) => Math.ceil(side / 2)) as [number, number];
  const weight = (axis: 0 | 1, pixel: number, shift: number, k: number) => {
    const centre = ((pixel + shift + 0.5) * 2) / 3 / cell[axis] - 0.5;
    return Math.max(0, 1 - Math.abs(Math.min(Math.max(centre, 0), 1) - k));
  };
  const [sums, seen] = [Array<number>(places).fill(0), Array<number>(places).fill(0)];
  for (let grid = 0; grid < 16; grid++) {
    const bits = [0, 1, 2, 3].map((i) => (grid >> i) & 1);
    const chance = bits.reduce((product, bit) => product * (bit ? keep : 1 - keep), 1);
    for (let down = 0; down < cell[0]; down++) {
      for (let across = 0; across < cell[1]; across++) {
        const mask = Array.from({ length: places }, (_, p) =>
          bits.reduce(
            (sum, bit, i) =>
              sum +
              bit *
                weight(0, Math.floor(p / width), down, i >> 1) *
                weight(1, p % width, across, i & 1),
            0,
          ),
        );
        const picture = network.picture(0).map((value, i) => value * mask[i % places]!);
        const score = chance * network.probabilities(picture)[target]!;
        for (let p = 0; p < places; p++) {
          sums[p]! += score * mask[p]!;
          seen[p]! += chance * mask[p]!;
        }
      }
    }
  }
  return sums.map((sum, p) => sum / seen[p]!);
}

describe("RISE of as many masks as its error needs", () => {
  // With complements in turn, and without.
  test.each([0.5, 0.3])("has the paper's expectation where %d of the cells stay", async (keep) => {
    const expected = exactRise(keep);
    const options = { targets: [target], cells: 2, keep };
    const [near] = await rise(model, input, { ...options, error: 0.03 });
    const { error, evaluations } = near!.figures!;
    expect(error).toBeLessThanOrEqual(0.03);
    expect(evaluations! % 80).toBe(0);
    expect(near!.warnings).toEqual([]);
    expect(correlation(near!.data, expected)).toBeGreaterThan(1 - (3 * error!) ** 2);
    // Its level too: the mean of the map is within what chance leaves of so many masks.
    const level = (map: ArrayLike<number>) =>
      Array.from(map).reduce((sum, value) => sum + value, 0) / places;
    expect(level(near!.data)).toBeCloseTo(level(expected), 2);
  });

  test("states an error that is not smaller than what it is off by, over twelve seeds", async () => {
    const expected = exactRise(0.5);
    const options = { targets: [target], cells: 2, error: 0.1 };
    let [stated, truly] = [0, 0];
    for (let seed = 0; seed < 12; seed++) {
      const [map] = await rise(model, input, { ...options, seed });
      stated += map!.figures!["error"]! ** 2;
      truly += 1 - correlation(map!.data, expected) ** 2;
    }
    expect(truly).toBeLessThan(1.5 * stated);
  });

  test("says what it took, in figures and words, and gives the same bytes again", async () => {
    const options = { targets: [target], cells: 2, error: 0.1 };
    const [map] = await rise(model, input, options);
    const [again] = await rise(model, input, options);
    expect(again).toEqual(map);
    const { evaluations } = map!.figures!;
    expect(describeMap(map!).text).toMatch(
      new RegExp(
        `; ${evaluations} changed pictures, standard error \\d+(\\.\\d+)? % of the map's spread$`,
      ),
    );
  });

  test("takes exactly as many masks as are asked for, and not both", async () => {
    const [map] = await rise(model, input, { targets: [target], samples: 50 });
    expect(map!.figures).toMatchObject({ evaluations: 50, error: expect.any(Number) });
    const [few] = await rise(model, input, { targets: [target], samples: 5 });
    expect(few!.figures).toEqual({ evaluations: 5 });
    expect(describeMap(few!).text).toMatch(/; 5 changed pictures, too few to tell the error$/);
    const both = rise(model, input, { targets: [target], samples: 50, error: 0.1 });
    await expect(both).rejects.toThrow(/error: it must stand alone, got 0.1 beside 50 samples/);
  });

  test("ends at the paper's number, and warns that the error is still too large", async () => {
    const options = { targets: [target], cells: 4, error: 0.0001 };
    const [map] = await rise(model, input, options);
    expect(map!.figures!["evaluations"]).toBe(4000);
    expect(map!.warnings).toMatchObject([{ cause: "incomplete" }]);
  });

  test("tells how far it is, never less than before", async () => {
    const shares: number[] = [];
    const onProgress = (share: number) => shares.push(share);
    await rise(model, input, { targets: [target], cells: 2, error: 0.05, onProgress });
    expect(shares.length).toBeGreaterThan(3);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });
});

describe("KernelSHAP of as many pictures as its error needs", () => {
  const pieces = Int32Array.from({ length: places }, (_, pixel) => pixel % 12);

  test("comes as near to the exact values as it says", async () => {
    const options = { targets: [target], pieces, baseline: "zero" } as const;
    const [exact] = await kernelShap(model, input, { ...options, samples: 2 ** 12 });
    expect(exact!.figures).toEqual({ evaluations: 2 ** 12 - 1, error: 0 });
    const [map] = await kernelShap(model, input, { ...options, error: 0.1 });
    const { evaluations, error } = map!.figures!;
    expect(error).toBeLessThanOrEqual(0.1);
    expect(evaluations! % 128).toBe(0);
    expect(evaluations).toBeLessThan(2048);
    expect(correlation(map!.data, exact!.data)).toBeGreaterThan(1 - (3 * error!) ** 2);
    const [again] = await kernelShap(model, input, { ...options, error: 0.1 });
    expect(again!.data).toEqual(map!.data);
  });

  test("takes exactly as many pictures as are asked for", async () => {
    const [map] = await kernelShap(model, input, { targets: [target], pieces, samples: 99 });
    expect(map!.figures!["evaluations"]).toBe(99);
    const both = kernelShap(model, input, { targets: [target], samples: 99, error: 0.1 });
    await expect(both).rejects.toThrow(/error: it must stand alone/);
  });
});

describe("the error of a pattern", () => {
  test("is that of the mean over the spread, of means without a group each", () => {
    // Two places, ten groups: the mean of ten numbers and its opposite, whose standard error is known.
    const draws = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
    const mean = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const pattern = (value: number) => Float64Array.of(value + 7, 7 - value);
    const variance = mean(draws.map((value) => (value - mean(draws)) ** 2)) / 9;
    const without = draws.map((_, k) => pattern(mean(draws.toSpliced(k, 1))));
    const error = spreadError(pattern(mean(draws)), without);
    expect(error).toBeCloseTo(Math.sqrt(variance) / mean(draws), 12);
  });

  test("is 0 where nothing varies", () => {
    const same = Float64Array.of(1, 1, 1);
    expect(spreadError(same, [same, same])).toBe(0);
  });

  test("is what is left to do", () => {
    expect(shareDone(240, 0.4, 0.2, 4000)).toBe(0.25);
    expect(shareDone(80, Number.NaN, 0.2, 4000)).toBe(0.02);
    expect(shareDone(400, 0.1, 0.2, 4000)).toBe(1);
  });
});
