import { expect, test } from "vitest";
import { parseSelection, parseWhole } from "./selection.ts";

const of = (text: string, count = 12) => parseSelection(text, count, 0, "channel");

test("one, ranges, lists and all", () => {
  expect(of("7")).toEqual([7]);
  expect(of("0-3")).toEqual([0, 1, 2, 3]);
  expect(of("9, 1,8-10")).toEqual([1, 8, 9, 10]);
  expect(of("all", 3)).toEqual([0, 1, 2]);
});

test("random ones are drawn from the seed, each once, and never more than there are", () => {
  const drawn = of("random:5");
  expect(new Set(drawn).size).toBe(5);
  expect(of("random:5")).toEqual(drawn);
  expect(parseSelection("random:5", 1000, 1, "channel")).not.toEqual(
    parseSelection("random:5", 1000, 2, "channel"),
  );
  expect(of("random:50")).toHaveLength(12);
});

test.each(["", "x", "-1", "3-1", "1.5", "random:", "random:0", "1,,2"])("%j is refused", (text) => {
  expect(() => of(text)).toThrow(/channel: (must be numbers|random must)/);
});

test("a number that the layer does not have is named with the range", () => {
  expect(() => of("0-12")).toThrow(/must be from 0 to 11, got 12/);
});

test("whole numbers of options", () => {
  expect(parseWhole("12", "--steps", 1)).toBe(12);
  expect(() => parseWhole("0", "--steps", 1)).toThrow(/--steps: must be a whole number, 1 or more/);
  expect(() => parseWhole("1e3", "--size", 1, 512)).toThrow(/1 to 512, got "1e3"/);
});
