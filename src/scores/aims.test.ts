import { expect, test } from "vitest";
import type { Aim } from "./aim.ts";
import { aimText, parseAims } from "./aims.ts";

const labels = ["cat", "dog", "cow, brown", "black-and-tan"];
const classAim = (target: number | "top"): Aim => ({ kind: "class", class: target });

test.each<[string, readonly Aim[]]>([
  ["top", [classAim("top")]],
  ["1", [classAim(1)]],
  ["3, 0", [classAim(3), classAim(0)]],
  ["Cow, Brown", [classAim(2)]],
  ["dog,black-and-tan", [classAim(1), classAim(3)]],
  ["dog minus cat", [{ kind: "combination", plus: [1], minus: [0] }]],
  ["black-and-tan - 0", [{ kind: "combination", plus: [3], minus: [0] }]],
  ["1 plus 3 minus 0", [{ kind: "combination", plus: [1, 3], minus: [0] }]],
  ["features:3", [{ kind: "unit", layer: "features", channel: 3 }]],
  ["a/Relu:0:7@2x5", [{ kind: "unit", layer: "a/Relu:0", channel: 7, place: [2, 5] }]],
  [
    "top,tokens:1@12",
    [classAim("top"), { kind: "unit", layer: "tokens", channel: 1, place: [12] }],
  ],
])("target %s", (text, aims) => {
  expect(parseAims(text, labels)).toEqual(aims);
});

test.each([
  ["dgo", /closest: "dog"/],
  ["1,", /got ""/],
  ["1-3", /got "1-3"/],
  ["top minus 1", /must be named, got "top minus 1"/],
  ["dog minus wolf", /got "wolf"/],
])("target %s is refused", (text, message) => {
  expect(() => parseAims(text, labels)).toThrow(message);
});

test.each([
  ["top", "the top class"],
  ["1", "dog"],
  ["dog plus 3 minus cat", "dog plus black-and-tan minus cat"],
  ["conv2:7", "layer conv2, channel 7, mean over places"],
  ["conv2:7@1x2", "layer conv2, channel 7, row 1, column 2"],
  ["tokens:7@12", "layer tokens, channel 7, token 12"],
])("%s reads %s", (text, words) => {
  expect(aimText(parseAims(text, labels)[0]!, labels)).toBe(words);
});

test("classes without labels are numbers", () => {
  expect(aimText({ kind: "combination", plus: [4], minus: [2] }, undefined)).toBe(
    "class 4 minus class 2",
  );
});
