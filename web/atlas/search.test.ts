/** @file Words and numbers find layers, units and classes. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AtlasLayer } from "../../src/atlas/site/site-data.ts";
import { search, type Found } from "./search.ts";

const layer = (name: string, channels: number): AtlasLayer => ({
  name,
  folder: name.replaceAll("/", "-"),
  sheets: [],
  strip: "",
  operator: "Relu",
  channels,
  height: 1,
  width: 1,
  dead: 0,
});

const layers = [
  layer("conv1/7x7_s2", 64),
  layer("conv 2", 192),
  layer("inception_4a/output", 512),
  layer("inception_4c/output", 512),
];
const classes = ["tench", "golden retriever", "Gold beetle", "4a"];
const found = (query: string, current?: string) =>
  search({ layers, classes }, query, current).map(shown);

function shown(each: Found): string {
  if (each.kind === "layer") return each.layer.name;
  return each.kind === "unit" ? `${each.layer.name} ${each.unit}` : `class ${each.number}`;
}

test("a name and a number are a unit", () => {
  for (const query of ["4a 35", "4A:35", " inception_4a/35", "inception 4a #35", "4a/output-35"])
    expect(found(query)[0]).toBe("inception_4a/output 35");
  expect(found("inception_4c:12")).toEqual(["inception_4c/output 12"]);
  expect(found("conv1 64")).toEqual([]);
});

test("a number alone is of the layer that is looked at, of others, and a class", () => {
  expect(found("2", "inception_4c-output")).toEqual([
    "inception_4c/output 2",
    "conv1/7x7_s2 2",
    "conv 2 2",
    "inception_4a/output 2",
    "conv 2",
    "conv1/7x7_s2",
    "class 2",
  ]);
});

test("a whole name is a layer before it is a unit", () => {
  expect(found("conv 2")).toEqual(["conv 2", "conv1/7x7_s2", "conv1/7x7_s2 2", "conv 2 2"]);
});

test("classes are found by parts of their names, beginnings first", () => {
  expect(found("GOLD")).toEqual(["class 1", "class 2"]);
  expect(found("retr gold")).toEqual(["class 1"]);
  expect(found("4a")).toEqual(["inception_4a/output", "class 3"]);
});

test("every layer is found by its own name, and nothing breaks the search", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 6 }), (names) => {
      const own = names.map((name) => layer(name, 4));
      for (const name of names.filter((each) => each.trim() !== "")) {
        const all = search({ layers: own }, name).map(shown);
        expect(all).toContain(name);
      }
    }),
  );
});
