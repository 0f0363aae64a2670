import { expect, test } from "vitest";
import { libraryWords, wordsOf } from "../wording/face.ts";
import { imagenetClasses } from "./imagenet-classes.ts";
import { labelsOf, parseLabels } from "./labels.ts";

test.each([
  ["lines", "cat\ndog\n"],
  ["lines of Windows", "cat\r\ndog\r\n"],
  ["lines with synsets", "n02123045 cat\nn02084071 dog\n"],
  ["a JSON list", '["cat", "dog"]'],
  ["Keras' class index", '{"0": ["n02123045", "cat"], "1": ["n02084071", "dog"]}'],
  ["an object by class", '{"1": "dog", "0": "cat"}'],
  ["an object by name", '{"dog": 1, "cat": 0}'],
  ["a dictionary of Python's", "{0: 'cat', 1: 'dog'}"],
  ["a configuration of Transformers", '{"label2id": {"dog": 1, "cat": 0}, "model_type": "vit"}'],
])("labels as %s", (_, text) => {
  expect(parseLabels(text, "labels")).toEqual(["cat", "dog"]);
});

test.each(["[1, 2]", '{"a": "cat"}', '{"a": 0, "b": 0}', "[", "{}}"])("%s is refused", (text) => {
  expect(() => parseLabels(text, "labels.json")).toThrow(/"labels.json" must be a JSON list/);
});

test("networks of 1,000 classes are taken for ImageNet's, which is said", () => {
  const { names, note } = labelsOf(undefined, 1000, new Map());
  expect(names?.[20]).toBe("water ouzel");
  expect(wordsOf(note!, libraryWords)).toMatch(/1,000 classes/);
  expect(labelsOf(undefined, 10, new Map())).toEqual({ names: undefined });
});

test("TensorFlow's ImageNet begins with a class of its own", () => {
  const { names } = labelsOf("imagenet", 1001, new Map());
  expect(names?.[21]).toBe(imagenetClasses[20]);
  expect(() => labelsOf("imagenet", 10, new Map())).toThrow(/10 names.*got 1000/);
});

test("names of the model's metadata are taken unless others are asked for", () => {
  const metadata = new Map([["limpid.classes", '["cat","dog"]']]);
  expect(labelsOf(undefined, 2, metadata)).toEqual({ names: ["cat", "dog"] });
  expect(() => labelsOf(undefined, 3, metadata)).toThrow(
    /"model metadata" must have 3 names, one a class, got 2/,
  );
});

test.each<[string, readonly (readonly [string, string])[]]>([
  ["Ultralytics' names", [["names", "{0: 'cat', 1: 'dog'}"]]],
  ["a list with commas", [["Classes", "cat, dog"]]],
  ["lines", [["labels", "cat\ndog"]]],
  [
    "config.json beside it",
    [["limpid.beside/config.json", '{"id2label": {"1": "dog", "0": "cat"}}']],
  ],
  [
    "its own before those beside it",
    [
      ["limpid.beside/config.json", '{"id2label": {"0": "a", "1": "b"}}'],
      ["names", '["cat", "dog"]'],
    ],
  ],
])("names in the words of other tools: %s", (_, entries) => {
  expect(labelsOf(undefined, 2, new Map(entries))).toEqual({ names: ["cat", "dog"] });
});

test("names of other tools that are too few are left out, which is said", () => {
  const { names, note } = labelsOf(undefined, 1000, new Map([["names", "['cat', 'dog']"]]));
  expect(names).toBeUndefined();
  expect(wordsOf(note!, libraryWords)).toMatch(/"names" of its metadata has 2 names.*1,000/);
});
