import { expect, test } from "vitest";
import { unitName, type Unit } from "./units.ts";

test.each<[Unit, string]>([
  [{ layer: "a", channel: 7 }, "channel-0007"],
  [{ layer: "a", channel: 7, place: [3, 12] }, "channel-0007-at-3-12"],
  [{ layer: "a", channel: 7, place: [3], facet: 1 }, "channel-0007-at-3-b"],
  [{ layer: "a", channel: 0, class: 1 }, "class-0001"],
  [{ layer: "a", plus: [2, 0], minus: [31] }, "class-0002-plus-0000-minus-0031"],
  [{ layer: "a", facet: 0 }, "layer-a"],
])("the files of %j are called %s", (unit, name) => {
  expect(unitName(unit)).toBe(name);
});

test("directions have names of their own, the same each time", () => {
  const name = (vector: readonly number[]) => unitName({ layer: "a", vector });
  expect(name([1, 2])).toMatch(/^direction-[\da-f]{8}$/);
  expect(name([1, 2])).toBe(name([1, 2]));
  expect(new Set([name([1, 2]), name([12]), name([2, 1]), name([1, -2])]).size).toBe(4);
});
