/** @file Suppression against the slow form of the papers, and overlaps by hand. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Box } from "../../image/mask.ts";
import { overlapOf, suppressed } from "./suppression.ts";

interface Scored extends Box {
  readonly class: number;
  readonly score: number;
}

const boxes = fc.array(
  fc.record({
    left: fc.integer({ min: 0, max: 12 }),
    top: fc.integer({ min: 0, max: 12 }),
    width: fc.integer({ min: 0, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    class: fc.integer({ min: 0, max: 2 }),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 30 },
);

/** Takes the best of those left, and throws out all of its class that overlap it, until none is left. */
function slowly(all: readonly Scored[], overlap: number): readonly Scored[] {
  const kept: Scored[] = [];
  let left = [...all];
  while (left.length > 0) {
    const best = left.reduce((most, box) => (box.score > most.score ? box : most));
    kept.push(best);
    left = left.filter(
      (box) => box !== best && (box.class !== best.class || areaShare(box, best) <= overlap),
    );
  }
  return kept;
}

/** Intersection over union by counting pixels. */
function areaShare(a: Box, b: Box): number {
  let [both, either] = [0, 0];
  for (let x = 0; x < 24; x++) {
    for (let y = 0; y < 24; y++) {
      const inA = x >= a.left && x < a.right && y >= a.top && y < a.bottom;
      const inB = x >= b.left && x < b.right && y >= b.top && y < b.bottom;
      both += inA && inB ? 1 : 0;
      either += inA || inB ? 1 : 0;
    }
  }
  return either === 0 ? 0 : both / either;
}

test("keeps what the papers' form keeps, the best first", () => {
  fc.assert(
    fc.property(boxes, fc.constantFrom(0.2, 0.45, 0.7), (drawn, overlap) => {
      const all = drawn.map(({ width, height, ...box }) => ({
        ...box,
        right: box.left + width,
        bottom: box.top + height,
      }));
      const sorted = all.toSorted((a, b) => b.score - a.score);
      expect(suppressed(sorted, overlap, 300)).toEqual(slowly(sorted, overlap));
    }),
  );
});

test("keeps no more than the limit", () => {
  const box = { top: 0, bottom: 1, class: 0, score: 1 };
  const apart = [0, 2, 4].map((left) => ({ ...box, left, right: left + 1 }));
  expect(suppressed(apart, 0.45, 2)).toEqual(apart.slice(0, 2));
});

test("an overlap is the share of both that is in both", () => {
  const first = { left: 0, top: 0, right: 2, bottom: 2 };
  expect(overlapOf(first, { left: 1, top: 1, right: 3, bottom: 3 })).toBeCloseTo(1 / 7, 12);
  expect(overlapOf(first, first)).toBe(1);
  expect(overlapOf(first, { left: 2, top: 0, right: 4, bottom: 2 })).toBe(0);
});
