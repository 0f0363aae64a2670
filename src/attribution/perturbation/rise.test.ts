/** @file RISE against plain float64 sums, and its masks against a whole enlargement. */
import { describe, expect, test } from "vitest";
import { channels, height, places, threeLayers, width } from "../../../test/three-layers.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { randomStream } from "../../random.ts";
import { libraryWords, wordsOf } from "../../wording/face.ts";
import { RandomMasks } from "./random-masks.ts";
import { rise } from "./rise.ts";

const network = threeLayers(3);
const { model, input } = network;

/** Random cells enlarged whole by bilinear interpolation between the centres of cells, then cut. */
function slowMask(sides: readonly [number, number], cells: number, keep: number, index: number) {
  const random = randomStream("rise", 0, index);
  const grid = Array.from({ length: cells ** 2 }, () => (random.uniform() < keep ? 1 : 0));
  const cell = sides.map((side) => Math.ceil(side / cells));
  const shift = cell.map((size) => random.below(size));
  const weight = (axis: 0 | 1, pixel: number, k: number) => {
    const center = ((pixel + shift[axis]! + 0.5) * cells) / (cells + 1) / cell[axis]! - 0.5;
    return Math.max(0, 1 - Math.abs(Math.min(Math.max(center, 0), cells - 1) - k));
  };
  return Array.from({ length: sides[0] * sides[1] }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / sides[1]), pixel % sides[1]];
    return grid.reduce<number>(
      (sum, bit, i) => sum + bit * weight(0, y, Math.floor(i / cells)) * weight(1, x, i % cells),
      0,
    );
  });
}

describe("masks of RISE", () => {
  test.each([
    [[5, 6], 3],
    [[14, 14], 7],
    [[9, 20], 4],
  ] as const)("of %o pixels and %i cells are cut from enlarged cells", ([h, w], cells) => {
    const masks = new RandomMasks(h, w, { cells, keep: 0.5, seed: 0 });
    for (let index = 0; index < 5; index++) {
      expect(masks.whole(index)).toBeAllclose(slowMask([h, w], cells, 0.5, index), { atol: 1e-6 });
    }
  });

  test("show every pixel with the share that is asked", () => {
    const masks = new RandomMasks(12, 10, { cells: 5, keep: 0.3, seed: 4 });
    const mean = new Float64Array(120);
    for (let index = 0; index < 4000; index++) {
      for (const [p, visible] of masks.whole(index).entries()) mean[p]! += visible / 4000;
    }
    // The error of 4000 masks is at most 0.0073; this is four times as much.
    for (const share of mean) expect(Math.abs(share - 0.3)).toBeLessThan(0.03);
  });
});

describe("RISE", () => {
  const options = { targets: [1, 2], samples: 50, cells: 3, keep: 0.4, seed: 7 };

  test("as plain sums have it", async () => {
    const maps = await rise(model, input, options);
    const masks = new RandomMasks(height, width, options);
    for (const [n, target] of [1, 2].entries()) {
      const [sums, seen] = [Array<number>(places).fill(0), Array<number>(places).fill(0)];
      for (let index = 0; index < 50; index++) {
        const visible = masks.whole(index);
        const picture = network.picture(n).map((value, i) => value * visible[i % places]!);
        const probability = network.probabilities(picture)[target]!;
        for (let p = 0; p < places; p++) {
          sums[p]! += probability * visible[p]!;
          seen[p]! += visible[p]!;
        }
      }
      const expected = sums.map((sum, p) => sum / seen[p]!);
      expect(maps[n]!.data).toBeWithinL2(expected, 1e-5);
    }
    expect(maps[0]).toMatchObject({ dims: [height, width], unit: "mean probability when visible" });
  });

  test("hidden pixels show the baseline: all of a picture of its colour is seen alike", async () => {
    const colour = Array.from({ length: channels }, (_, c) => c + 0.5);
    const picture = Array.from(
      { length: input.data.length },
      (_, i) => colour[Math.floor(i / places) % 2]!,
    );
    const [map] = await rise(model, tensorOf("float32", input.dims, picture), {
      ...options,
      baseline: colour,
    });
    expect(map!.data).toBeWithinL2(Array<number>(places).fill(map!.probability!), 1e-5);
  });

  test("the same seed gives the same bytes, another one others", async () => {
    const map = async (seed: number) => (await rise(model, input, { ...options, seed }))[0]!.data;
    expect(await map(1)).toEqual(await map(1));
    expect(await map(2)).not.toEqual(await map(1));
  });

  test.each([
    { samples: 1, keep: 0.1 },
    { samples: 40, keep: 0.01 },
    { samples: undefined, keep: 1e-9 },
  ])("where no mask of %o shows a place, nothing is said of it", async ({ samples, keep }) => {
    const { samples: _, ...others } = options;
    const given = { ...others, keep, ...(samples === undefined ? {} : { samples }) };
    const [map] = await rise(model, input, given);
    const masks = new RandomMasks(height, width, given);
    const count = map!.figures!["evaluations"]!;
    const seen = masks.weightedSum(Array<number>(count).fill(1));
    const unseen = [...seen.keys()].filter((p) => seen[p] === 0);
    expect(unseen.length).toBeGreaterThan(0);
    expect(new Set(unseen.map((p) => map!.data[p])).size).toBe(1);
    expect(map!.data[unseen[0]!]).toBeGreaterThan(0);
    expect(map!.figures).not.toHaveProperty("error");
    const [warning] = map!.warnings.filter(({ cause }) => cause === "incomplete");
    expect(wordsOf(warning!.message, libraryWords)).toMatch(
      new RegExp(`of the places are shown by none of the ${count} masks`),
    );
  });

  test.each([
    [{ cells: 1e9 }, /cells: there must be at most as many on a side as .* got 1000000000/],
    [{ cells: 0 }, /cells: it must be a positive whole number, got 0/],
    [{ keep: 0 }, /keep: it must be over 0 and under 1, got 0/],
    [{ keep: Number.NaN }, /keep: it must be over 0 and under 1, got NaN/],
    [{ signal: { aborted: true } }, /stopped before it was done/],
  ])("%o is refused", async (changed, message) => {
    await expect(rise(model, input, { ...options, ...changed })).rejects.toThrow(message);
  });
});
