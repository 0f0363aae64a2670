/** @file Maps against rows whose groups are known. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { SetRecord } from "../../activations/set-record.ts";
import { nodePlatform } from "../../node/platform.ts";
import { randomStream } from "../../random.ts";
import { nearestRows } from "./nearest-rows.ts";
import { inUnitSquare } from "./umap.ts";
import { unitMap } from "./unit-map.ts";

const runtime = await nodePlatform.openRuntime("cpu");
afterAll(() => runtime.release());

test("the nearest rows are those of all comparisons, the smaller number first of equal ones", async () => {
  const rows = fc
    .tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 5 }), fc.integer())
    .map(([count, length, seed]) => {
      const random = randomStream("rows", seed);
      const data = Float32Array.from({ length: count * length }, () => random.below(3) - 1);
      // Rows of zeros alone have no direction.
      for (let i = 0; i < count; i++) data[i * length] = 1 + random.below(2);
      return { data, length };
    });
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 20 }), async ({ data, length }, most) => {
      const { count, each, numbers, cosines } = await nearestRows(runtime, { data, length }, most);
      expect(each).toBe(Math.min(most, count - 1));
      const row = (i: number) => [...data.subarray(i * length, (i + 1) * length)];
      const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
      for (let i = 0; i < count; i += Math.ceil(count / 20)) {
        const all = Array.from({ length: count }, (_, j) => j).filter((j) => j !== i);
        const cosine = (j: number) =>
          dot(row(i), row(j)) / Math.sqrt(dot(row(i), row(i)) * dot(row(j), row(j)));
        const wanted = all.map(cosine).toSorted((a, b) => b - a);
        for (let n = 0; n < each; n++) {
          const at = i * each + n;
          expect(cosines[at]).toBeCloseTo(wanted[n]!, 5);
          expect(cosine(numbers[at]!)).toBeCloseTo(cosines[at]!, 5);
        }
        expect(new Set(numbers.subarray(i * each, (i + 1) * each)).size).toBe(each);
      }
    }),
    { numRuns: 30 },
  );
});

/** A record of units that answer in groups: unit `u` is of group `u % groups`, but unit 0 to no photo. */
function recordOf({ units = 60, photos = 40, groups = 3 }) {
  const layers = [{ name: "layer", dims: [1, units, 2, 2] }];
  const pooled = Array.from({ length: photos }, (_, i) => i);
  const record = new SetRecord({ layers, pictures: photos, k: 1, pooled });
  const random = randomStream("units", units, photos);
  for (let photo = 0; photo < photos; photo++) {
    for (let unit = 0; unit < units; unit++) {
      const isOwn = photo % groups === unit % groups;
      const value = unit === 0 ? 0 : random.uniform() + (isOwn ? 10 : 0);
      record.layers[0]!.pooled[photo * units + unit] = value;
    }
  }
  return { record, layer: record.layers[0]! };
}

test("units that answer alike lie together, silent ones nowhere, and the same photos give the same places", async () => {
  const { record, layer } = recordOf({});
  const { places, near } = await unitMap(layer, record, { runtime });
  if ("of" in places) throw new Error("there must be a map");
  expect([...places.subarray(0, 2)]).toEqual([Number.NaN, Number.NaN]);
  expect([...near.numbers.subarray(0, near.each)].every((unit) => unit === -1)).toBe(true);
  const distance = (a: number, b: number) =>
    Math.hypot(places[2 * a]! - places[2 * b]!, places[2 * a + 1]! - places[2 * b + 1]!);
  for (let unit = 1; unit < 60; unit++) {
    const others = Array.from({ length: 60 }, (_, u) => u).filter((u) => u > 0 && u !== unit);
    const nearest = others.toSorted((a, b) => distance(unit, a) - distance(unit, b))[0]!;
    expect(nearest % 3).toBe(unit % 3);
    expect(near.numbers[unit * near.each]! % 3).toBe(unit % 3);
  }
  const laid = [...places].filter((place) => !Number.isNaN(place));
  expect(Math.min(...laid)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...laid)).toBeLessThanOrEqual(1);
  const again = await unitMap(layer, record, { runtime });
  expect(again.places).toEqual(places);
});

test("of too few photos or units there is no map, and why", async () => {
  const few = recordOf({ photos: 9 });
  expect((await unitMap(few.layer, few.record, { runtime })).places).toEqual({
    of: "photos",
    has: 9,
    needs: 10,
  });
  for (const units of [1, 2, 20]) {
    const { layer, record } = recordOf({ units });
    expect((await unitMap(layer, record, { runtime })).places).toEqual({
      of: "units",
      has: units - 1,
      needs: 20,
    });
  }
});

test("a map is stopped", async () => {
  const { record, layer } = recordOf({});
  const signal = { aborted: false };
  const made = unitMap(layer, record, {
    runtime,
    signal,
    onShare: (share) => (signal.aborted = share > 0.1),
  });
  await expect(made).rejects.toMatchObject({ code: "aborted" });
});

test("places fill the unit square in one direction, and keep their form", () => {
  const places = inUnitSquare(Float64Array.of(0, 0, 4, 2, 2, 1));
  expect([...places]).toEqual([0, 0.25, 1, 0.75, 0.5, 0.5]);
  expect([...inUnitSquare(Float64Array.of(3, 3))]).toEqual([0.5, 0.5]);
});
