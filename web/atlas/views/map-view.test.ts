/** @file What is seen of a map, against what maps must keep. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  moved,
  seenAt,
  seenUnits,
  showing,
  unitAt,
  unitBeside,
  wholeMap,
  zoomed,
  type MapPlace,
  type MapView,
} from "./map-view.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const place = fc.tuple(share, share);
const sidePx = fc.integer({ min: 200, max: 900 });
const views = fc
  .array(fc.tuple(fc.double({ min: 0.2, max: 5, noNaN: true }), place), { maxLength: 6 })
  .map((steps) =>
    steps.reduce<MapView>(
      (view, [by, [x, y]]) => moved(zoomed(view, by, [400 * x, 400 * y], 400), [40 * y, 9], 400),
      wholeMap,
    ),
  );

test("what is zoomed at stays where it is, but at the map's edge", () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 4, noNaN: true }), sidePx, (by, side) => {
      const at: MapPlace = [side / 2, side / 2];
      const view = zoomed({ zoom: 4, middle: [0.4, 0.6] }, by, at, side);
      expect(view.middle[0]).toBeCloseTo(0.4);
      const aside = zoomed({ zoom: 4, middle: [0.5, 0.5] }, by, [0.6 * side, 0.4 * side], side);
      const before = seenAt({ zoom: 4, middle: [0.5, 0.5] }, [0.52, 0.48], side);
      const factor = aside.zoom / 4;
      const after = seenAt(aside, [0.52, 0.48], side);
      expect(after[0] - 0.6 * side).toBeCloseTo(factor * (before[0] - 0.6 * side), 6);
    }),
  );
});

test("a view is never off the map", () => {
  fc.assert(
    fc.property(views, ({ zoom, middle }) => {
      expect(zoom).toBeGreaterThanOrEqual(1);
      for (const at of middle) {
        expect(at - 0.5 / zoom).toBeGreaterThanOrEqual(-1e-9);
        expect(at + 0.5 / zoom).toBeLessThanOrEqual(1 + 1e-9);
      }
    }),
  );
});

const placed = fc.array(fc.oneof({ weight: 9, arbitrary: place }, fc.constant(null)), {
  minLength: 1,
  maxLength: 80,
});

test("icons do not hide each other, every unit in view is seen, the chosen one on top", () => {
  fc.assert(
    fc.property(placed, views, sidePx, (places, view, side) => {
      const top = places.findIndex((each) => each !== null);
      const seen = seenUnits(places, view, { sidePx: side, iconPx: 40, top });
      const icons = seen.filter(({ isIcon }) => isIcon);
      for (const [i, a] of icons.entries())
        for (const b of icons.slice(i + 1))
          expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThanOrEqual(30);
      expect(new Set(seen.map(({ unit }) => unit)).size).toBe(seen.length);
      if (seen.some(({ unit }) => unit === top)) {
        expect(seen.at(-1)).toMatchObject({ unit: top, isIcon: true });
        expect(unitAt(seen, [seen.at(-1)!.x, seen.at(-1)!.y], 40)).toBe(top);
      }
      const inside = places.flatMap((each, unit) => {
        const [x, y] = each ? seenAt(view, each, side) : [-1, -1];
        return x >= 0 && y >= 0 && x <= side && y <= side ? [unit] : [];
      });
      expect(seen.map(({ unit }) => unit)).toEqual(expect.arrayContaining(inside));
    }),
  );
});

test("a unit that is shown is in view", () => {
  fc.assert(
    fc.property(views, place, sidePx, (view, at, side) => {
      const [x, y] = seenAt(showing(view, at, side), at, side);
      expect(Math.min(x, y)).toBeGreaterThan(0);
      expect(Math.max(x, y)).toBeLessThan(side);
    }),
  );
});

test("arrows reach every unit, each goes its way", () => {
  fc.assert(
    fc.property(placed, (places) => {
      for (const [unit, from] of places.entries()) {
        const to = unitBeside(places, unit, "ArrowRight");
        if (to !== undefined) expect(places[to]![0]).toBeGreaterThan(from![0]);
      }
    }),
  );
  expect(unitBeside([[0, 0], null, [1, 0.2], [0.5, 0.9]], 0, "ArrowRight")).toBe(2);
  expect(unitBeside([[0, 0], null, [1, 0.2], [0.5, 0.9]], 0, "ArrowDown")).toBe(3);
  expect(unitBeside([[0, 0]], 0, "ArrowDown")).toBeUndefined();
});
