import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coverageOf, type OutlineStep } from "./outline.ts";

type Corner = readonly [number, number];

function polygon(...corners: readonly Corner[]): OutlineStep[] {
  return [
    ...corners.map(([x, y], i): OutlineStep => ({ type: i === 0 ? "M" : "L", x, y })),
    { type: "Z" },
  ];
}

function box(left: number, top: number, right: number, bottom: number): OutlineStep[] {
  return polygon([left, top], [right, top], [right, bottom], [left, bottom]);
}

/** The sum of all coverage, in pixels. */
function areaOf(steps: readonly OutlineStep[]): number {
  return coverageOf(steps, 1, 0).data.reduce((sum, value) => sum + value, 0) / 255;
}

test("a box covers each pixel as far as it lies in it", () => {
  const { left, top, widthPx, heightPx, data } = coverageOf(box(1.5, 2, 3.25, 3.5), 1, 0);
  expect([left, top, heightPx]).toEqual([1, 2, 2]);
  const rows = [data.subarray(0, widthPx), data.subarray(widthPx)].map((row) => [...row]);
  expect(rows).toEqual([
    [128, 255, 64, 0],
    [64, 128, 32, 0],
  ]);
});

test("scale and shift move the outline", () => {
  const { left, widthPx, data } = coverageOf(box(1, 0, 2, 1), 2, 0.5);
  expect([left, widthPx]).toEqual([2, 4]);
  expect([...data.subarray(0, 4)]).toEqual([128, 255, 128, 0]);
});

describe("contours", () => {
  test("one of the other direction cuts a hole", () => {
    const hole = polygon([2, 2], [2, 4], [4, 4], [4, 2]);
    expect(areaOf([...box(0, 0, 6, 6), ...hole])).toBe(32);
  });

  test("two of one direction join, whichever it is", () => {
    expect(areaOf([...box(0, 0, 4, 4), ...box(2, 0, 6, 4)])).toBe(24);
    const turned = polygon([0, 0], [0, 4], [4, 4], [4, 0]);
    expect(areaOf(turned)).toBe(16);
  });

  test("an outline without points covers nothing", () => {
    expect(coverageOf([], 10, 0.25)).toMatchObject({ widthPx: 0, heightPx: 0 });
  });
});

test("curves of both kinds make a disc", () => {
  // The cubic that is nearest to a quarter of a circle has its handles at 0.5523 of the radius.
  const [r, h] = [20, 20 * 0.5523];
  const cubic: OutlineStep[] = [
    { type: "M", x: r, y: 0 },
    { type: "C", x1: r, y1: h, x2: h, y2: r, x: 0, y: r },
    { type: "C", x1: -h, y1: r, x2: -r, y2: h, x: -r, y: 0 },
    { type: "C", x1: -r, y1: -h, x2: -h, y2: -r, x: 0, y: -r },
    { type: "C", x1: h, y1: -r, x2: r, y2: -h, x: r, y: 0 },
  ];
  expect(areaOf(cubic) / (Math.PI * r * r)).toBeCloseTo(1, 1.9);
  // A parabola through (0, 0), (10, 5) and (20, 0) covers two thirds of its box of 20 x 5.
  const parabola: OutlineStep[] = [
    { type: "M", x: 0, y: 0 },
    { type: "Q", x1: 10, y1: 10, x: 20, y: 0 },
    { type: "Z" },
  ];
  expect(Math.abs(areaOf(parabola) - (2 / 3) * 100)).toBeLessThan(1.1);
});

/** Coverage of a triangle by 32 x 32 points a pixel. */
function sampled(corners: readonly [Corner, Corner, Corner], x: number, y: number): number {
  const [a, b, c] = corners;
  const side = (p: Corner, q: Corner, at: Corner) =>
    (q[0] - p[0]) * (at[1] - p[1]) - (q[1] - p[1]) * (at[0] - p[0]);
  const turn = Math.sign(side(a, b, c));
  // Corners on one line, or so near that their area is 0 in float64.
  if (turn === 0) return 0;
  let inside = 0;
  for (let i = 0; i < 32 * 32; i++) {
    const at: Corner = [x + ((i % 32) + 0.5) / 32, y + (Math.floor(i / 32) + 0.5) / 32];
    if ([side(a, b, at), side(b, c, at), side(c, a, at)].every((s) => s * turn >= 0)) inside += 1;
  }
  return inside / (32 * 32);
}

test("every pixel of any triangle is covered as points in it say", () => {
  const place = fc.float({ min: -12, max: 12, noNaN: true });
  const corner = fc.tuple(place, place);
  fc.assert(
    fc.property(fc.tuple(corner, corner, corner), (corners) => {
      const { left, top, widthPx, data } = coverageOf(polygon(...corners), 1, 0);
      for (const [i, value] of data.entries()) {
        const x = left + (i % widthPx);
        const y = top + Math.floor(i / widthPx);
        expect(Math.abs(value / 255 - sampled(corners, x, y))).toBeLessThan(0.06);
      }
    }),
    { numRuns: 60 },
  );
});
