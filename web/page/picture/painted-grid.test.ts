/** @file The brush leaves no gaps, erases what it painted, and keeps to the grid of what the network sees. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { emptyGrid, gridOfRegion, paintedBetween } from "./painted-grid.ts";
import { paintedRegion, regionIn } from "../../shown-region.ts";

const seen = fc.record({
  width: fc.integer({ min: 1, max: 700 }),
  height: fc.integer({ min: 1, max: 700 }),
});
const share = fc.double({ min: -0.2, max: 1.2, noNaN: true });
const radius = fc.double({ min: 0.5, max: 10, noNaN: true });

test("a stroke meets every place on its way, and none farther than the brush is wide", () => {
  fc.assert(
    fc.property(seen, share, share, share, share, radius, (size, ax, ay, bx, by, wide) => {
      const grid = emptyGrid(size);
      const [from, to] = [
        { x: ax * grid.width, y: ay * grid.height },
        { x: bx * grid.width, y: by * grid.height },
      ];
      const style = { radius: wide, isErasing: false };
      const { inside } = paintedBetween(grid, from, to, style);
      for (let i = 0; i <= 20; i++) {
        const [x, y] = [from.x + (i / 20) * (to.x - from.x), from.y + (i / 20) * (to.y - from.y)];
        const isOver = x >= 0 && y >= 0 && x < grid.width && y < grid.height;
        if (isOver && wide >= 0.75)
          expect(inside[Math.floor(y) * grid.width + Math.floor(x)]).toBe(1);
      }
      const longest = Math.hypot(to.x - from.x, to.y - from.y) / 2 + wide + 15;
      for (const [i, one] of inside.entries()) {
        if (one === 0) continue;
        const [x, y] = [(i % grid.width) + 0.5, Math.floor(i / grid.width) + 0.5];
        expect(Math.hypot(x - (from.x + to.x) / 2, y - (from.y + to.y) / 2)).toBeLessThan(longest);
      }
      const again = paintedBetween({ ...grid, inside }, from, to, { ...style, isErasing: true });
      expect(again.inside).not.toContain(1);
    }),
    { numRuns: 60 },
  );
});

test("the smallest brush paints the place that it stands on, at the border too", () => {
  const grid = emptyGrid({ width: 8, height: 4 });
  for (const [place, at] of [
    [{ x: 8, y: 4 }, 31],
    [{ x: 0, y: 0 }, 0],
    [{ x: 3.99, y: 2.01 }, 19],
  ] as const) {
    const { inside } = paintedBetween(grid, place, place, { radius: 0.25, isErasing: false });
    expect([...inside.keys()].filter((i) => inside[i] === 1)).toEqual([at]);
  }
});

test("what an address holds is painted again as it was", () => {
  fc.assert(
    fc.property(seen, share, share, radius, (size, x, y, wide) => {
      const grid = emptyGrid(size);
      const place = { x: x * grid.width, y: y * grid.height };
      const painted = paintedBetween(grid, place, place, { radius: wide, isErasing: false });
      expect(gridOfRegion(regionIn(paintedRegion(painted)), size)).toEqual(painted);
    }),
    { numRuns: 60 },
  );
});

test("a grid is as fine as the picture at most, and has its proportions", () => {
  expect(emptyGrid({ width: 28, height: 28 })).toMatchObject({ width: 28, height: 28 });
  expect(emptyGrid({ width: 640, height: 320 })).toMatchObject({ width: 56, height: 28 });
  const box = regionIn("box_0_0_0.5_1");
  const { inside, width } = gridOfRegion(box, { width: 640, height: 320 });
  expect(inside.every((one, i) => one === (i % width < 28 ? 1 : 0))).toBe(true);
});
