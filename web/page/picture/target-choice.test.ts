import { expect, test } from "vitest";
import { targetOfChoice } from "./target-choice.ts";

const classes = ["cat", "dog", "Fox, red"];

test("classes are found by name, and what is none is left to be read as the command reads it", () => {
  const target = (plus: string) => targetOfChoice({ kind: "class", plus }, classes);
  expect(["dog", " fox, RED ", "2", "class 1", " Age:0 ", "99"].map(target)).toEqual([
    "1",
    "2",
    "2",
    "class 1",
    "Age:0",
    "99",
  ]);
  expect(target(" ")).toBeUndefined();
  expect(targetOfChoice({ kind: "class", plus: "7" }, undefined)).toBe("7");
});

test("classes whose names differ in case alone are told apart; of twins the text stays, which is refused", () => {
  const alike = ["CAT", "Cat", "crane", "crane"];
  const target = (plus: string) => targetOfChoice({ kind: "class", plus }, alike);
  expect(["Cat", "CAT", "cat", "crane"].map(target)).toEqual(["1", "0", "cat", "crane"]);
});

test("a difference is of two classes, a unit is of a layer", () => {
  const minus = (plus: string, other: string) =>
    targetOfChoice({ kind: "difference", plus, minus: other }, classes);
  expect(minus("dog", "cat")).toBe("1 minus 0");
  expect(minus("dog", "1")).toBeUndefined();
  expect(minus("dog", "")).toBeUndefined();
  expect(targetOfChoice({ kind: "unit", layer: "a:b", channel: 4 }, classes)).toBe("a:b:4");
});
