import { expect, test } from "vitest";
import { parseClasses } from "./class-text.ts";

test.each<[string, readonly number[] | "top"]>([
  ["top", "top"],
  ["20", [20]],
  ["3,8", [3, 8]],
  [" 3 , 8 ", [3, 8]],
  ["Dog", [1]],
  ["class 1", [1]],
  ["Number 108", [108]],
  ["channel 0", [0]],
])("target %s", (text, targets) => {
  expect(parseClasses(text, ["cat", "dog"])).toEqual(targets);
});

test("a label that reads as another class's number is that label", () => {
  expect(parseClasses("class 1", ["class 1", "class 0"])).toEqual([0]);
});

test("labels that differ in case alone are named as they are written", () => {
  const alike = ["CAT", "Cat", "cat", "crane", "crane"];
  expect(["CAT", "Cat", "cat"].map((text) => parseClasses(text, alike))).toEqual([[0], [1], [2]]);
  expect(() => parseClasses("cAT", alike)).toThrow(
    'got "cAT", which but for its case is the name of classes 0 ("CAT") and 1 ("Cat") and 2 ("cat"). write it as it stands there, or give the number.',
  );
  expect(() => parseClasses("crane", alike)).toThrow(
    'got "crane", the name of classes 3 and 4. give the number.',
  );
  expect(() => parseClasses("Crane", alike)).toThrow(/classes 3 and 4\. give the number/);
});

test.each([
  ["dgo", ["cat", "dog"], /closest: "dog"/],
  ["elephant", ["cat", "dog"], /there are "cat", "dog"\./],
  ["zz", Array.from({ length: 11 }, (_, i) => `name ${i}`), /closest: none\./],
  ["dog", ["dog", "dog"], /classes 0 and 1/],
  ["dog", undefined, /"labels"/],
  ["-1", undefined, /got "-1"/],
  ["1,", undefined, /got "1,"/],
])("target %s of %j is refused", (text, labels, message) => {
  expect(() => parseClasses(text, labels)).toThrow(message);
});
