import { expect, test } from "vitest";
import { targetOfChoice } from "./target-choice.ts";

const classes = ["cat", "dog", "Fox, red"];

test("classes are found by name or number, and others are not made up", () => {
  const target = (plus: string) => targetOfChoice({ kind: "class", plus }, classes);
  expect([target("dog"), target(" fox, RED "), target("2"), target("wolf"), target("3")]).toEqual([
    "1",
    "2",
    "2",
    undefined,
    undefined,
  ]);
  expect(targetOfChoice({ kind: "class", plus: "7" }, undefined)).toBe("7");
});

test("a difference is of two classes, a unit is of a layer", () => {
  const minus = (plus: string, other: string) =>
    targetOfChoice({ kind: "difference", plus, minus: other }, classes);
  expect(minus("dog", "cat")).toBe("1 minus 0");
  expect(minus("dog", "1")).toBeUndefined();
  expect(minus("dog", "")).toBeUndefined();
  expect(targetOfChoice({ kind: "unit", layer: "a:b", channel: 4 }, classes)).toBe("a:b:4");
});
