/** @file Units are ordered whatever their figures are. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AtlasUnit } from "../../src/atlas/site/site-data.ts";
import { orders } from "./address.ts";
import { sorted } from "./sorting.ts";

const unit = (activation: number, zeroShare?: number): AtlasUnit => ({
  state: "live",
  start: 0,
  activation,
  ...(zeroShare === undefined ? {} : { zeroShare }),
  before: [],
  after: [],
});

test("the largest come first, what has no figure last", () => {
  const units = [unit(1, 0.5), unit(Number.NaN), unit(3, 0.9), unit(1, 0.9)];
  expect(sorted(units, "number")).toEqual([0, 1, 2, 3]);
  expect(sorted(units, "activation")).toEqual([2, 0, 3, 1]);
  expect(sorted(units, "zeros")).toEqual([2, 3, 0, 1]);
});

test("every unit keeps its place in some order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double(), fc.option(fc.double(), { nil: undefined }))),
      fc.constantFrom(...orders),
      (figures, order) => {
        const units = figures.map(([activation, zeros]) => unit(activation, zeros));
        const numbers = sorted(units, order);
        expect(numbers.toSorted((a, b) => a - b)).toEqual(units.map((_, i) => i));
      },
    ),
  );
});
