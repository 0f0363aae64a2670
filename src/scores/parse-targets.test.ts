import { expect, test } from "vitest";
import type { Target } from "./target.ts";
import { parseTargets } from "./parse-targets.ts";
import { targetNotes, targetText } from "./target-text.ts";

const labels = ["cat", "dog", "cow, brown", "black-and-tan"];
const classTarget = (target: number | "top"): Target => ({ kind: "class", class: target });

test.each<[string, readonly Target[]]>([
  ["top", [classTarget("top")]],
  ["1", [classTarget(1)]],
  ["3, 0", [classTarget(3), classTarget(0)]],
  ["Cow, Brown", [classTarget(2)]],
  ["dog,black-and-tan", [classTarget(1), classTarget(3)]],
  ["dog minus cat", [{ kind: "combination", plus: [1], minus: [0] }]],
  ["black-and-tan - 0", [{ kind: "combination", plus: [3], minus: [0] }]],
  ["1 plus 3 minus 0", [{ kind: "combination", plus: [1, 3], minus: [0] }]],
  ["features:3", [{ kind: "unit", layer: "features", channel: 3 }]],
  ["a/Relu:0:7@2x5", [{ kind: "unit", layer: "a/Relu:0", channel: 7, place: [2, 5] }]],
  [
    "top,tokens:1@12",
    [classTarget("top"), { kind: "unit", layer: "tokens", channel: 1, place: [12] }],
  ],
  [
    "a/Relu:0:direction(0.2, -1,3e-2),conv:direction(1)@2x5",
    [
      { kind: "direction", layer: "a/Relu:0", vector: [0.2, -1, 0.03] },
      { kind: "direction", layer: "conv", vector: [1], place: [2, 5] },
    ],
  ],
])("target %s", (text, targets) => {
  expect(parseTargets(text, labels)).toEqual(targets);
});

test("labels as they stand come before words of targets, but not before numbers or top", () => {
  const odd = ["2", "top", "a minus b", "a", "b", "y:0"];
  expect(parseTargets("A minus B,b minus a,y:0,2,top", odd)).toEqual([
    classTarget(2),
    { kind: "combination", plus: [4], minus: [3] },
    classTarget(5),
    classTarget(2),
    classTarget("top"),
  ]);
  expect(targetNotes("2,top,a", odd)).toEqual([
    'target "2" is taken for class number 2, not for the label "2", which class 0 has',
    'target "top" is taken for the class that the network prefers, not for the label "top", which class 1 has',
  ]);
  expect(targetNotes("0 minus 2", ["0", "1", "2"])).toEqual([]);
});

test("labels that differ in case alone are told apart in every place of a target", () => {
  const alike = ["CAT", "Cat", "cat", "Cat, big", "cat, big"];
  const outputs = new Map([["y", alike]]);
  const read = (text: string) => parseTargets(text, alike, new Set(), { outputs });
  expect(read("Cat minus cat")).toEqual([{ kind: "combination", plus: [1], minus: [2] }]);
  expect(read("Cat, big,CAT,cat, big")).toEqual([classTarget(3), classTarget(0), classTarget(4)]);
  expect(read("y:Cat minus y:CAT")).toEqual([
    { kind: "combination", plus: [1], minus: [0], output: "y" },
  ]);
  expect(targetNotes("top", ["Top", "top"])).toEqual([
    'target "top" is taken for the class that the network prefers, not for the label "top", which class 1 has',
  ]);
});

test("classes of one output against each other", () => {
  const target = { kind: "combination", plus: [0, 2], minus: [1], output: "y:0" } as const;
  expect(parseTargets("y:0:0 minus y:0:1 plus y:0:2", labels)).toEqual([target]);
  expect(targetText(target, labels)).toBe("y:0:0 plus y:0:2 minus y:0:1");
  const layers = new Set(["a - b"]);
  expect(parseTargets("a - b:3", labels, layers)).toEqual([
    { kind: "unit", layer: "a - b", channel: 3 },
  ]);
});

test("names of layers, and labels in lists, may hold commas", () => {
  const layers = new Set(["act,2", "conv"]);
  expect(parseTargets("1,cow, brown,act,2:1@0x3,conv:2", labels, layers)).toEqual([
    classTarget(1),
    classTarget(2),
    { kind: "unit", layer: "act,2", channel: 1, place: [0, 3] },
    { kind: "unit", layer: "conv", channel: 2 },
  ]);
  expect(parseTargets("act,2:direction(1,-1),top", labels, layers)).toEqual([
    { kind: "direction", layer: "act,2", vector: [1, -1] },
    classTarget("top"),
  ]);
});

test.each([
  ["dgo", /closest: "dog"/],
  ["1,", /got ""/],
  ["1-3", /got "1-3"/],
  ["top minus 1", /must be named, got "top minus 1"/],
  ["conv:direction(1,,2)", /must have numbers, one a channel, got ""/],
  ["conv:direction()", /must have numbers/],
  ["dog minus wolf", /got "wolf"/],
  ["y:0 minus z:1", /must be of one output, got "y:0 minus z:1"/],
  ["y:0 minus 1", /must be of one output/],
])("target %s is refused", (text, message) => {
  expect(() => parseTargets(text, labels)).toThrow(message);
});

test.each([
  ["top", "the top class"],
  ["1", "dog"],
  ["dog plus 3 minus cat", "dog plus black-and-tan minus cat"],
  ["conv2:7", "layer conv2, channel 7, mean over places"],
  ["conv2:7@1x2", "layer conv2, channel 7, row 1, column 2"],
  ["conv2:direction(1,2)", "layer conv2, a direction, mean over places"],
  ["tokens:7@12", "layer tokens, channel 7, token 12"],
])("%s reads %s", (text, words) => {
  expect(targetText(parseTargets(text, labels)[0]!, labels)).toBe(words);
});

test("classes without labels are numbers", () => {
  expect(targetText({ kind: "combination", plus: [4], minus: [2] }, undefined)).toBe(
    "class 4 minus class 2",
  );
});

test("a unit over part of the picture is called by its layer, its channel and the part", () => {
  const of = { kind: "unit", layer: "conv4", channel: 7 } as const;
  const box = { kind: "box", asked: "1,2,3,4", left: 1, top: 2, right: 3, bottom: 4 } as const;
  const pixel = { kind: "pixel", x: 5, y: 6 } as const;
  const text = (region: typeof box | typeof pixel) =>
    targetText({ kind: "unit-region", of, region }, labels);
  expect(text(box)).toBe("layer conv4, channel 7, mean in the box 1,2,3,4");
  expect(text(pixel)).toBe("layer conv4, channel 7, at pixel 5,6");
});
