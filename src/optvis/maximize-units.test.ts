import { expect, test } from "vitest";
import { unitBatches } from "./maximize-units.ts";
import type { Unit } from "./units.ts";

const channels = (layer: string, count: number): readonly Unit[] =>
  Array.from({ length: count }, (_, channel) => ({ layer, channel }));

const sizes = (units: readonly Unit[], together: number, apart?: string) =>
  unitBatches(units, {
    goalOf: () => ({
      negative: false,
      oneUnit: false,
      classScore: "evidence",
      ...(apart === undefined ? {} : { apart }),
    }),
    togetherOf: () => together,
  }).map((batch) => batch.length);

test("a batch is of one layer, and has room for so many", () => {
  expect(sizes([...channels("a", 5), ...channels("b", 2)], 4)).toEqual([4, 1, 2]);
});

test("a batch is of objectives that differ in numbers only", () => {
  const units: readonly Unit[] = [
    { layer: "a", channel: 0 },
    { layer: "a", vector: [1, 2] },
    { layer: "a", plus: [0], minus: [1] },
    { layer: "a", channel: 1, place: [0, 0] },
    { layer: "a", vector: [1, 2], place: [0, 1] },
    { layer: "a", channel: 1, class: 1 },
    { layer: "a", channel: 2 },
  ];
  expect(sizes(units, 64)).toEqual([3, 2, 1, 1]);
});

test("the facets of a unit stay together, alone", () => {
  const units = channels("a", 2).flatMap((unit) => [0, 1, 2].map((facet) => ({ ...unit, facet })));
  expect(sizes(units, 64, "a")).toEqual([3, 3]);
});
