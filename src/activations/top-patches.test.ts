/** @file Top patches and statistics of a set against all pictures held at once. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { tensor, type Tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { layerSizes, summarise, type PictureSummary } from "./picture-summary.ts";
import { SetStatistics } from "./set-statistics.ts";
import { TopPatches } from "./top-patches.ts";

const [channels, height, width] = [3, 2, 3] as const;
const places = height * width;

/** Few different values, so that zeros and ties are frequent. */
const pictures = fc
  .array(
    fc.array(fc.constantFrom(0, 0, 0, -1, 0.5, 2, 3), {
      minLength: channels * places,
      maxLength: channels * places,
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((all) =>
    all.map((data) => tensor("float32", [1, channels, height, width], Float32Array.from(data))),
  );

function planeOf(value: Tensor, channel: number): readonly number[] {
  return [...(value.data as Float32Array)].slice(channel * places, (channel + 1) * places);
}

test("top patches are those of sorting everything, in whatever order the pictures come", () => {
  fc.assert(
    fc.property(pictures, fc.integer({ min: 1, max: 4 }), fc.boolean(), (all, k, backwards) => {
      const tops = new TopPatches(layerSizes("x", all[0]!.dims), k);
      const order = [...all.keys()];
      for (const i of backwards ? order.toReversed() : order) tops.add(i, summarise(all[i]!, 0));
      for (let channel = 0; channel < channels; channel++) {
        const expected = all
          .map((value, picture) => {
            const plane = planeOf(value, channel);
            const best = Math.max(...plane);
            const at = plane.indexOf(best);
            return { plane, picture, value: best, y: Math.floor(at / width), x: at % width };
          })
          .filter(({ plane }) => plane.some((value) => value !== 0))
          .toSorted((a, b) => b.value - a.value || a.picture - b.picture)
          .slice(0, k)
          .map(({ picture, value, y, x }) => ({ picture, value, y, x }));
        expect(tops.of(channel)).toEqual(expected);
      }
    }),
  );
});

test("statistics of a set are those of all its numbers, and go on from where they stood", () => {
  fc.assert(
    fc.property(pictures, (all) => {
      const sizes = layerSizes("x", all[0]!.dims);
      const before = new SetStatistics(sizes, all.length);
      before.add(0, summarise(all[0]!, 0));
      const statistics = new SetStatistics(sizes, all.length, structuredClone(before.state));
      for (const [i, value] of all.entries()) if (i > 0) statistics.add(i, summarise(value, 0));
      const numbers = all.flatMap((value) => [0, 1, 2].flatMap((c) => planeOf(value, c)));
      const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
      const variance = numbers.reduce((sum, v) => sum + (v - mean) ** 2, 0) / numbers.length;
      const isSilent = (value: Tensor, c: number) => planeOf(value, c).every((v) => v === 0);
      const result = statistics.result();
      expect(result.pictures).toBe(all.length);
      expect(result.mean).toBeCloseTo(mean, 9);
      expect(result.spread).toBeCloseTo(Math.sqrt(variance), 6);
      expect(result.zeroShare.mean).toBeCloseTo(
        numbers.filter((value) => value === 0).length / numbers.length,
        9,
      );
      expect(result.deadChannels).toEqual(
        [0, 1, 2].filter((c) => all.every((value) => isSilent(value, c))),
      );
      const effective = all.map((value) => {
        const means = [0, 1, 2].map(
          (c) => planeOf(value, c).reduce((sum, v) => sum + Math.abs(v), 0) / places,
        );
        const sum = means.reduce((a, b) => a + b, 0);
        return sum === 0 ? 0 : sum ** 2 / means.reduce((a, b) => a + b * b, 0);
      });
      expect(result.effectiveChannels).toBeCloseTo(
        effective.reduce((a, b) => a + b, 0) / all.length,
        9,
      );
      expect(result.silentChannels * all.length).toBeCloseTo(
        all.flatMap((value) => [0, 1, 2].filter((c) => isSilent(value, c))).length,
        9,
      );
    }),
  );
});

test("a row of a batch is summed up by itself; what is not a number never leads", () => {
  const data = Float32Array.of(1, 5, 0, 0, Number.NaN, 9, 2, 3);
  const values = tensor("float32", [2, 2, 1, 2], data);
  expect(summarise(values, 0)).toMatchObject({
    maxima: Float32Array.of(5, 0),
    places: Int32Array.of(1, 0),
    zeros: Int32Array.of(0, 2),
  });
  const tops = new TopPatches(layerSizes("x", values.dims), 2);
  tops.add(7, summarise(values, 1));
  expect([tops.of(0), tops.of(1)]).toEqual([[], [{ picture: 7, value: 3, y: 0, x: 1 }]]);
  expect(() => layerSizes("tokens", [1, 50, 768])).toThrow(/"tokens" must have channels/);
});

/** A drawn summary; few different values, so that ties are frequent. */
function drawnSummary(picture: number): PictureSummary {
  const random = randomStream("shards", picture);
  const list = (of: () => number) => Array.from({ length: channels }, of);
  const maxima = list(() => Math.floor(random.uniform() * 50));
  return {
    maxima: Float32Array.from(maxima),
    places: Int32Array.from(list(() => Math.floor(random.uniform() * places))),
    means: new Float64Array(channels),
    squares: new Float64Array(channels),
    sizes: new Float64Array(channels),
    zeros: Int32Array.from(maxima, (value) => (value === 0 ? places : 0)),
  };
}

test("of 100,000 pictures two shards keep together what one run keeps", () => {
  const sizes = { channels, height, width };
  const [count, cut, k] = [100_000, 37_213, 9];
  const whole = new TopPatches(sizes, k);
  const shards = [new TopPatches(sizes, k), new TopPatches(sizes, k)] as const;
  for (let picture = 0; picture < count; picture++) {
    const summary = drawnSummary(picture);
    whole.add(picture, summary);
    const shard = picture < cut ? 0 : 1;
    shards[shard].add(picture - shard * cut, summary);
  }
  const together = new TopPatches(sizes, k);
  together.absorb(shards[1], cut);
  together.absorb(shards[0], 0);
  expect(together.state).toEqual(whole.state);
});

test("shards of any sizes, taken in in any order, keep what one run keeps", () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 5 });
  fc.assert(
    fc.property(
      cuts,
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.nat()),
      (at, k, keys) => {
        const sizes = { channels, height, width };
        const starts = [0, ...at.toSorted((a, b) => a - b)];
        const whole = new TopPatches(sizes, k);
        const shards = starts.map((first, i) => {
          const tops = new TopPatches(sizes, k);
          for (let picture = first; picture < (starts[i + 1] ?? 40); picture++) {
            tops.add(picture - first, drawnSummary(picture));
            whole.add(picture, drawnSummary(picture));
          }
          return { first, tops, key: keys.next().value };
        });
        const together = new TopPatches(sizes, k);
        for (const { first, tops } of shards.toSorted((a, b) => a.key - b.key))
          together.absorb(tops, first);
        expect(together.state).toEqual(whole.state);
      },
    ),
  );
});
