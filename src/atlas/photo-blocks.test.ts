/** @file Blocks of drawn lists of photos: all of them once, bounded, and hardly changed by photos that are added. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { chosenPhotos, photoBlocks } from "./photo-blocks.ts";

const lists = fc
  .tuple(fc.integer({ min: 1, max: 1500 }), fc.string({ maxLength: 4 }))
  .map(([count, stem]) => Array.from({ length: count }, (_, i) => `${stem}${i}.jpg`));

const namesOf = (names: readonly string[]) =>
  photoBlocks(names).map(({ first, end }) => names.slice(first, end).join());

test("hold every photo once, and 96 at most", () => {
  fc.assert(
    fc.property(lists, (names) => {
      const found = photoBlocks(names);
      expect(found.flatMap(({ first, end }) => names.slice(first, end))).toEqual(names);
      expect(found.every(({ first, end }) => end - first <= 96)).toBe(true);
      expect(found.slice(0, -1).every(({ first, end }) => end - first >= 32)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test("stay what they were where a photo comes between, but for a few", () => {
  const names = Array.from({ length: 3000 }, (_, i) => `cat.${i}.jpg`);
  const before = new Set(namesOf(names));
  const place = fc.integer({ min: 0, max: 3000 });
  fc.assert(
    fc.property(place, (at) => {
      const fresh = namesOf(names.toSpliced(at, 0, "another.jpg")).filter(
        (block) => !before.has(block),
      );
      expect(fresh.length).toBeGreaterThan(0);
      expect(fresh.length).toBeLessThanOrEqual(8);
    }),
    { numRuns: 60 },
  );
});

test("photos that are chosen are about half to all that may be, and stay chosen", () => {
  const names = Array.from({ length: 3000 }, (_, i) => `cat.${i}.jpg`);
  expect(chosenPhotos(names.slice(0, 2048), 2048)).toHaveLength(2048);
  const chosen = chosenPhotos(names, 2048);
  expect(chosen.length).toBeGreaterThan(1350);
  expect(chosen.length).toBeLessThan(1650);
  const more = new Set(chosenPhotos([...names, "another.jpg"], 2048));
  expect(chosen.every((number) => more.has(number))).toBe(true);
});
