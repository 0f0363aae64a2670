/** @file Average precision, repeats and confusions against values by hand. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  meanPrecision,
  objectConfusion,
  withoutRepeats,
  type FoundObject,
  type ObjectBox,
} from "./objects.ts";

const box = (left: number, top: number, right: number, bottom: number, c = 0): ObjectBox => ({
  class: c,
  left,
  top,
  right,
  bottom,
});
const found = (score: number, one: ObjectBox): FoundObject => ({ ...one, score });

test("repeats of a class go, the best of each object and other classes stay", () => {
  const boxes = [
    found(0.6, box(1, 0, 11, 10)),
    found(0.9, box(0, 0, 10, 10)),
    found(0.5, box(0, 0, 10, 10, 1)),
    found(0.4, box(20, 0, 30, 10)),
  ];
  expect(withoutRepeats(boxes).map(({ score }) => score)).toEqual([0.9, 0.5, 0.4]);
});

test("precision over recall by hand: right, wrong, right of three objects", () => {
  const objects = [box(0, 0, 10, 10), box(20, 0, 30, 10), box(40, 0, 50, 10)];
  const picture = {
    objects,
    found: [
      found(0.9, box(0, 0, 10, 10)),
      found(0.8, box(0, 1, 10, 11)),
      found(0.7, box(21, 0, 31, 10)),
    ],
  };
  const { value, classes, measure } = meanPrecision([picture], 2);
  expect(measure).toBe("mAP50");
  expect(classes[0]).toBeCloseTo((1 + 2 / 3) / 3, 12);
  expect(classes[1]).toBeNull();
  expect(value).toBe(classes[0]);
});

test("confusions count each object once, and what is found where there is none", () => {
  const pictures = [
    {
      objects: [box(0, 0, 10, 10), box(20, 0, 30, 10, 1)],
      found: [
        found(0.9, box(0, 0, 10, 10, 1)),
        found(0.8, box(60, 0, 70, 10)),
        found(0.4, box(20, 0, 30, 10, 1)),
      ],
    },
  ];
  expect(objectConfusion(pictures, 2)).toEqual([
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ]);
});

test("boxes that are the objects have a precision of one, in any order and with any scores", () => {
  const anyObjects = fc.array(
    fc.record({
      class: fc.nat(2),
      column: fc.nat(9),
      score: fc.double({ min: 0.1, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 10 },
  );
  fc.assert(
    fc.property(anyObjects, (ones) => {
      const objects = ones.map((one, i) => box(20 * i, 0, 20 * i + 5 + one.column, 10, one.class));
      const all = objects.map((object, i) => found(ones[i]!.score, object)).toReversed();
      expect(meanPrecision([{ objects, found: all }], 3).value).toBeCloseTo(1, 12);
    }),
  );
});
