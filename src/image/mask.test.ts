/** @file What masks and boxes cover of rectangles and of the cells of grids. */
import { assert, boolean, double, infiniteStream, integer, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { boxShare, coveredCells, maskShare } from "./mask.ts";

test("a mask covers as much of a rectangle as fine sampling finds", () => {
  const side = integer({ min: 1, max: 9 });
  const part = double({ min: -0.2, max: 1.2, noNaN: true });
  assert(
    property(
      side,
      side,
      infiniteStream(boolean()),
      tuple(part, part, part, part),
      (w, h, drawn, [a, b, c, d]) => {
        const inside = Uint8Array.from({ length: w * h }, () => (drawn.next().value ? 1 : 0));
        const [left, right] = [Math.min(a, b) * w, Math.max(a, b) * w + 0.01];
        const [top, bottom] = [Math.min(c, d) * h, Math.max(c, d) * h + 0.01];
        // The sum over pixels of what a box of each covers.
        let sum = 0;
        for (let i = 0; i < inside.length; i++) {
          const [x, y] = [i % w, Math.floor(i / w)];
          const pixel = { left: x, top: y, right: x + 1, bottom: y + 1 };
          sum += inside[i]! * boxShare(pixel)(left, top, right, bottom);
        }
        expect(
          maskShare({ widthPx: w, heightPx: h, inside })(left, top, right, bottom),
        ).toBeCloseTo(sum, 6);
      },
    ),
  );
});

const grid = { left: 0, top: 0, widthPx: 8, heightPx: 4 };

test("cells of which half is covered are inside", () => {
  const share = boxShare({ left: 0, top: 0, right: 3, bottom: 4 });
  expect([...coveredCells(share, grid, 4, 2)]).toEqual([1, 1, 0, 0, 1, 1, 0, 0]);
});

test("what is smaller than half a cell is the cell that it covers most", () => {
  const share = boxShare({ left: 3.5, top: 0, right: 4.2, bottom: 1 });
  expect([...coveredCells(share, grid, 4, 2)]).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
});

test("what lies elsewhere covers nothing", () => {
  const share = boxShare({ left: 9, top: 0, right: 10, bottom: 1 });
  expect([...coveredCells(share, grid, 4, 2)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});
