/** @file Labels say what is known of units, and no more. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AtlasUnit } from "./site-data.ts";
import { UnitLabels } from "./unit-labels.ts";

const folders = ["cats", "dogs", "cars"];
const unitOf = (more: Partial<AtlasUnit>): AtlasUnit => ({
  state: "live",
  start: 0,
  activation: 1,
  before: [],
  after: [],
  ...more,
});
const topsOf = (photos: readonly number[]) =>
  photos.map((photo) => ({ photo, value: 1, y: 0, x: 0 }));

test("a folder is a unit's label where more than half of its photos are of it", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 }), { maxLength: 9 }), (photos) => {
      const labels = new UnitLabels(undefined, (photo) => folders[photo]);
      const own = labels.of({ units: [unitOf({ tops: topsOf(photos) })], isOfClasses: false });
      const counts = folders.map((_, i) => photos.filter((photo) => photo === i).length);
      const most = Math.max(...counts);
      const isMostly = photos.length >= 3 && 2 * most > photos.length;
      expect(own).toEqual(isMostly ? [[0, 0, "photos", most, photos.length]] : []);
      expect(labels.names).toEqual(isMostly ? [folders[counts.indexOf(most)]] : []);
    }),
  );
});

test("classes are those that units are, or speak for, never those that they speak against", () => {
  const labels = new UnitLabels(["tench", "shark"], () => undefined);
  const units = [
    unitOf({ classes: [[1, 0.5, 0.1]], tops: topsOf([0, 1, 2]) }),
    unitOf({ classes: [[0, -0.5, 0.1]] }),
    unitOf({}),
  ];
  expect(labels.of({ units, isOfClasses: false })).toEqual([[0, 0, "speaks"]]);
  expect(labels.of({ units, isOfClasses: true })).toEqual([
    [0, 1, "is"],
    [0, 0, "speaks"],
    [1, 0, "is"],
  ]);
  expect(labels.names).toEqual(["shark", "tench"]);
});
