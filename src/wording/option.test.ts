import { describe, expect, test } from "vitest";
import { defaultText, rangeText, valuesText, type OptionInfo, type OptionTable } from "./option.ts";
import { optionValues, readOption, readOptions } from "./read-option.ts";

const table = {
  samples: {
    kind: "number",
    range: { from: 1, whole: true },
    default: 50,
    description: "pictures that are tried",
  },
  share: { kind: "number", range: { over: 0, under: 1 }, default: 0.5, description: "kept" },
  epsilon: { kind: "number", range: { over: 0 }, default: 1e-6, description: "added" },
  window: {
    kind: "number",
    range: { from: 2, to: 8, whole: true },
    default: { depends: "half the picture" },
    description: "side of the square",
  },
  signed: { kind: "flag", default: false, description: "keep the sign" },
  variant: { kind: "choice", choices: ["paper", "captum"], default: "paper", description: "form" },
  rule: { kind: "choice", choices: ["a", "b", "c"], default: "a", description: "rule" },
  colour: { kind: "color", choices: ["mean", "zero"], default: "mean", description: "hidden" },
  layer: { kind: "text", default: { depends: "the last" }, description: "where" },
} as const satisfies OptionTable;

type Name = keyof typeof table;

describe("a text is read", () => {
  test.each<[Name, string | boolean, unknown]>([
    ["samples", "12", 12],
    ["share", " 0.25 ", 0.25],
    ["window", "8", 8],
    ["signed", true, true],
    ["signed", "false", false],
    ["variant", "captum", "captum"],
    ["colour", "zero", "zero"],
    ["colour", "0.5", [0.5]],
    ["colour", "1,0,0.25", [1, 0, 0.25]],
    ["layer", "conv, 1", "conv, 1"],
  ])("%s %s", (name, text, value) => {
    expect(readOption(name, table[name], text)).toEqual(value);
  });

  test.each<[Name, string, string]>([
    ["samples", "0", 'samples: it must be a positive whole number, got "0". choose one.'],
    ["samples", "1.5", 'samples: it must be a positive whole number, got "1.5". choose one.'],
    ["samples", "", 'samples: it must be a positive whole number, got "". choose one.'],
    ["share", "1", 'share: it must be over 0 and under 1, got "1". choose one.'],
    ["epsilon", "Infinity", 'epsilon: it must be a positive number, got "Infinity". choose one.'],
    ["window", "9", 'window: it must be a whole number from 2 to 8, got "9". choose one.'],
    ["signed", "yes", 'signed: it must be true or false, got "yes". choose one.'],
    [
      "variant",
      "keras",
      'variant: the name must be paper or captum, got "keras". choose one of these.',
    ],
    ["rule", "d", 'rule: the name must be one of a, b, c, got "d". choose one of these.'],
    [
      "colour",
      "1,2,0",
      'colour: it must be mean, zero, or numbers from 0 to 1, got "1,2,0". choose one of these.',
    ],
  ])("%s is not %s", (name, text, message) => {
    expect(() => readOption(name, table[name], text)).toThrow(
      expect.objectContaining({ code: "bad-option", message }),
    );
  });
});

test("texts of several options are read, and unknown names refused", () => {
  expect(readOptions(table, { samples: "3", signed: true, layer: undefined })).toEqual({
    samples: 3,
    signed: true,
  });
  expect(() => readOptions(table, { sample: "3" })).toThrow(
    /^sample: the option must be one of samples, share, .*, got "sample"/,
  );
});

test("values are filled up with defaults, and checked where they are given", () => {
  const { samples, window, ...others } = optionValues(table, { samples: 7, colour: [300, -1, 0] });
  const typed: readonly [number, number | undefined] = [samples, window];
  expect(typed).toEqual([7, undefined]);
  expect(others).toEqual({
    share: 0.5,
    epsilon: 1e-6,
    signed: false,
    variant: "paper",
    rule: "a",
    colour: [300, -1, 0],
    layer: undefined,
  });
  expect(() => optionValues(table, { epsilon: Number.NaN })).toThrow(
    "epsilon: it must be a positive number, got NaN. choose one.",
  );
  expect(() => optionValues(table, { variant: "keras" })).toThrow(/paper or captum, got "keras"/);
});

test.each<[Name, string, string]>([
  ["samples", "a positive whole number", "50"],
  ["epsilon", "a positive number", "1e-6"],
  ["window", "a whole number from 2 to 8", "half the picture"],
  ["signed", "on or off", "off"],
  ["variant", "paper or captum", "paper"],
  ["rule", "one of a, b, c", "a"],
  ["colour", "mean, zero, or a colour such as 0.5 or 1,0,0", "mean"],
  ["layer", "a text", "the last"],
])("%s in words", (name, values, usual) => {
  const info: OptionInfo = table[name];
  expect([valuesText(info), defaultText(info)]).toEqual([values, usual]);
});

test.each([
  [{}, "a number"],
  [{ from: 0, whole: true }, "a whole number from 0"],
  [{ from: 0, under: 1 }, "from 0 and under 1"],
  [{ to: 3 }, "to 3"],
])("the range %j is %s", (range, text) => {
  expect(rangeText(range)).toBe(text);
});
