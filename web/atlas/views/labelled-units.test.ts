/** @file Units are found by their labels, the surest first, each once. */
import { expect, test } from "vitest";
import type { AtlasIndex, AtlasLabels } from "../../../src/atlas/site/site-data.ts";
import { labelledUnits } from "./labelled-units.ts";

const index = { layers: [{ name: "a" }, { name: "b" }] } as unknown as AtlasIndex;
const labels: AtlasLabels = {
  names: ["tabby cat", "cats", "tench"],
  layers: [
    [
      [0, 1, "photos", 6, 9],
      [0, 0, "speaks"],
      [1, 1, "photos", 9, 9],
      [2, 2, "speaks"],
    ],
    [
      [0, 0, "is"],
      [3, 1, "photos", 6, 9],
    ],
  ],
};
const settings = { language: "en", theme: undefined } as never;
const found = (query: string) =>
  labelledUnits({ labels, index, query, settings }).map(
    ({ layer, unit, label }) => `${layer.name} ${unit}: ${label}`,
  );

test("by parts of names; names that begin so first, then the surest, then the last layer", () => {
  expect(found("CAT")).toEqual([
    "a 1: photos mostly of cats 9/9",
    "b 3: photos mostly of cats 6/9",
    "a 0: photos mostly of cats 6/9",
    "b 0: tabby cat",
  ]);
  expect(found("tab")).toEqual(["b 0: tabby cat", "a 0: speaks for tabby cat"]);
  expect(found("cat tabby")).toEqual(["b 0: tabby cat", "a 0: speaks for tabby cat"]);
});

test("nothing where nothing is asked, or no label has it", () => {
  for (const query of ["", "  ", "dog", "9/9"]) expect(found(query)).toEqual([]);
});
