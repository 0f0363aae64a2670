import { expect, test } from "vitest";
import { imagenetClasses } from "../attribution/imagenet-classes.ts";
import { parseLabels, parseTargets, readLabels } from "./labels.ts";

test.each([
  ["lines", "cat\ndog\n"],
  ["lines of Windows", "cat\r\ndog\r\n"],
  ["lines with synsets", "n02123045 cat\nn02084071 dog\n"],
  ["a JSON list", '["cat", "dog"]'],
  ["Keras' class index", '{"0": ["n02123045", "cat"], "1": ["n02084071", "dog"]}'],
  ["an object by class", '{"1": "dog", "0": "cat"}'],
])("labels as %s", (_, text) => {
  expect(parseLabels(text, "labels")).toEqual(["cat", "dog"]);
});

test.each(["[1, 2]", '{"a": "cat"}', "[", "{}}"])("%s is refused", (text) => {
  expect(() => parseLabels(text, "labels.json")).toThrow(/"labels.json" must be a JSON list/);
});

test("networks of 1,000 classes are taken for ImageNet's, which is said", async () => {
  const { names, note } = await readLabels(undefined, 1000, new Map());
  expect(names?.[20]).toBe("water ouzel");
  expect(note).toMatch(/1,000 classes/);
  expect(await readLabels(undefined, 10, new Map())).toEqual({ names: undefined });
});

test("TensorFlow's ImageNet begins with a class of its own", async () => {
  const { names } = await readLabels("imagenet", 1001, new Map());
  expect(names?.[21]).toBe(imagenetClasses[20]);
  await expect(readLabels("imagenet", 10, new Map())).rejects.toThrow(/10 names.*got 1000/);
});

test.each<[string, readonly number[] | "top"]>([
  ["top", "top"],
  ["20", [20]],
  ["3,8", [3, 8]],
  [" 3 , 8 ", [3, 8]],
  ["Dog", [1]],
])("target %s", (text, targets) => {
  expect(parseTargets(text, ["cat", "dog"])).toEqual(targets);
});

test.each([
  ["dgo", ["cat", "dog"], /closest: "dog"/],
  ["elephant", ["cat", "dog"], /there are "cat", "dog"\./],
  ["zz", Array.from({ length: 11 }, (_, i) => `name ${i}`), /closest: none\./],
  ["dog", ["dog", "dog"], /classes 0 and 1/],
  ["dog", undefined, /--labels/],
  ["-1", undefined, /got "-1"/],
  ["1,", undefined, /got "1,"/],
])("target %s of %j is refused", (text, labels, message) => {
  expect(() => parseTargets(text, labels)).toThrow(message);
});

test("names of the model's metadata are taken unless others are asked for", async () => {
  const metadata = new Map([["limpid.classes", '["cat","dog"]']]);
  expect(await readLabels(undefined, 1, metadata)).toEqual({ names: ["cat", "dog"] });
  await expect(readLabels(undefined, 3, metadata)).rejects.toThrow(
    /"model metadata" must have 3 names, one a class, got 2/,
  );
});
