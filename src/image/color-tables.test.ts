import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolateRdBu,
  interpolateViridis,
} from "d3-scale-chromatic";
import { rgb } from "d3-color";
import { expect, test } from "vitest";
import { colorSteps, colorTables } from "./color-tables.ts";

test.each([
  ["inferno", interpolateInferno],
  ["magma", interpolateMagma],
  ["viridis", interpolateViridis],
  ["cividis", interpolateCividis],
  ["red-blue", (share: number) => interpolateRdBu(1 - share)],
] as const)("%s has the colours of d3", (name, interpolate) => {
  const wanted = Array.from({ length: colorSteps }, (_, i) => {
    const { r, g, b } = rgb(interpolate(i / (colorSteps - 1)));
    return [r, g, b];
  });
  expect([...colorTables[name]()]).toEqual(wanted.flat());
});
