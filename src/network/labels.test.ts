import { describe, expect, test } from "vitest";
import { libraryWords, wordsOf } from "../wording/face.ts";
import { imagenetClasses } from "./imagenet-classes.ts";
import { labelsOf as labelsFrom, namedCounts, parseLabels } from "./labels.ts";

/** Names and notes; who gives them has a test of its own. */
async function labelsOf(...given: Parameters<typeof labelsFrom>) {
  const { from, ...labels } = await labelsFrom(...given);
  expect(from === undefined).toBe(labels.names === undefined);
  return labels;
}

test.each([
  ["the model's own metadata", undefined, 2, [["limpid.classes", '["cat","dog"]']]],
  ['"names" of its metadata', undefined, 2, [["names", "{0: 'cat', 1: 'dog'}"]]],
  ["names.txt", { text: "a\nb", from: "names.txt" }, 2, []],
  ["ImageNet", "imagenet", 1000, []],
  ["ImageNet, as there are 1,000", undefined, 1000, []],
] as const)("names of %s say so", async (from, asked, classes, metadata) => {
  expect((await labelsFrom(asked, classes, new Map(metadata))).from).toBe(from);
});

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
  expect(() => parseLabels(text, "labels.json")).toThrow(
    /"labels.json" must have one name a line, or be a JSON list/,
  );
});

test("networks of 1,000 classes are taken for ImageNet's, which is said", async () => {
  const { names, note } = await labelsOf(undefined, 1000, new Map());
  expect(names?.[20]).toBe("water ouzel");
  expect(wordsOf(note!, libraryWords)).toMatch(/1,000 classes/);
  expect(await labelsOf(undefined, 10, new Map())).toEqual({ names: undefined });
});

test("TensorFlow's ImageNet begins with a class of its own", async () => {
  const { names } = await labelsOf("imagenet", 1001, new Map());
  expect(names?.[21]).toBe(imagenetClasses[20]);
  await expect(labelsOf("imagenet", 10, new Map())).rejects.toThrow(/10 names.*got 1000/);
});

test("names of the model's metadata are taken unless others are asked for", async () => {
  const metadata = new Map([["limpid.classes", '["cat","dog"]']]);
  expect(await labelsOf(undefined, 2, metadata)).toEqual({ names: ["cat", "dog"] });
  await expect(labelsOf(undefined, 3, metadata)).rejects.toThrow(
    /"model metadata" must have 3 names, one a class, got 2/,
  );
});

test("blanks around names of classes are nobody's to type", () => {
  for (const text of [
    '["C ", " dog"]',
    '{"C ": 0, "dog": 1}',
    '[{"name": "C "}, {"name": "dog"}]',
  ]) {
    expect(parseLabels(text, "m")).toEqual(["C", "dog"]);
  }
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
])("names in the words of other tools: %s", async (_, entries) => {
  expect(await labelsOf(undefined, 2, new Map(entries))).toEqual({ names: ["cat", "dog"] });
});

test("names of other tools that are too few are left out, which is said", async () => {
  const { names, note } = await labelsOf(undefined, 1000, new Map([["names", "['cat', 'dog']"]]));
  expect(names).toBeUndefined();
  expect(wordsOf(note!, libraryWords)).toMatch(/"names" of its metadata has 2 names.*1,000/);
});

const listed = ["cat", "dog", "cow"];
const numbered = (first: number) => listed.map((name, i) => [name, i + first] as const);

test.each([
  ["class_to_idx", JSON.stringify(Object.fromEntries(numbered(0)))],
  [
    "idx_to_class",
    `{${numbered(0)
      .map(([name, i]) => `${i}: '${name}'`)
      .join(", ")}}`,
  ],
  ["idx2label", JSON.stringify(listed)],
  ["classNames", listed.join("\n")],
  ["class-labels", "cat,dog,cow"],
  ["labels", "cat; dog; cow"],
  ["labels", "cat|dog|cow"],
  ["labels", "cat\tdog\tcow\n"],
  ["label_map", "0: cat\n1: dog\n2: cow"],
  ["names", "0 cat\r\n1 dog\r\n2 cow"],
  ["names", "0:cat,1:dog,2:cow"],
  ["categories", JSON.stringify(listed.map((name, id) => ({ id, name })).toReversed())],
  ["label_map", JSON.stringify(Object.fromEntries(numbered(0).map(([name, i]) => [i, name])))],
  ["config", JSON.stringify({ arch: "resnet", class_to_idx: Object.fromEntries(numbered(0)) })],
  ["meta", `{'imgsz': 64, 'names': {0: 'cat', 1: 'dog', 2: 'cow'}}`],
])("names under the key %s", async (key, text) => {
  const metadata = new Map([[key, text]]);
  expect(await labelsOf(undefined, 3, metadata)).toEqual({ names: listed });
  expect(namedCounts(metadata)).toEqual(new Set([3]));
});

test.each([
  [
    "names",
    `{${numbered(1)
      .map(([name, i]) => `${i}: '${name}'`)
      .join(", ")}}`,
  ],
  ["class_to_idx", JSON.stringify(Object.fromEntries(numbered(1)))],
  ["labels", "1: cat\n2: dog\n3: cow"],
  ["categories", JSON.stringify(listed.map((name, i) => ({ id: i + 1, name })))],
])("names under %s that count from 1", async (key, text) => {
  const metadata = new Map([[key, text]]);
  const all = await labelsOf(undefined, 3, metadata);
  expect(all.names).toEqual(listed);
  expect(wordsOf(all.note!, libraryWords)).toMatch(/counts classes from 1: its first name/);
  const behind = await labelsOf(undefined, 4, metadata);
  expect(behind.names).toEqual(["class 0", ...listed]);
  expect(wordsOf(behind.note!, libraryWords)).toMatch(/counts classes from 1, so class 0 has no/);
});

test.each([
  ["names", "{0: 'a', 2: 'b', 5: 'c'}", /"names" of its metadata is not read: its numbers do not/],
  ["classes", "3", /"classes" of its metadata is not read: it is the number 3/],
  ["class_to_idx", '{"a": 0, "b": 0, "c": 1}', /not read: its numbers do not count/],
  ["id2label", '{"0": "LABEL_0", "1": "LABEL_1"}', /not read: its names are only numbers/],
  ["categories", '[{"id": 1, "name": "a"}, {"id": 5, "name": "b"}]', /not read: it is no list/],
  ["labels", "", /not read: it is empty/],
  ["labels", "0, 1, 2", /not read: it is no list of names/],
  ["labels", "[cat, dog", /not read: it is no list of names/],
])("%s that hold %s are told of", async (key, text, reason) => {
  for (const classes of [3, 1000]) {
    const { note } = await labelsOf(undefined, classes, new Map([[key, text]]));
    expect(wordsOf(note!, libraryWords)).toMatch(reason);
  }
});

test("of several keys the one with as many names is taken", async () => {
  const metadata = new Map([
    ["names", "['a', 'b']"],
    ["labels", "cat, dog, cow"],
  ]);
  expect(await labelsOf(undefined, 3, metadata)).toEqual({ names: listed });
  expect(await labelsOf(undefined, 2, metadata)).toEqual({ names: ["a", "b"] });
});

describe("files beside the model", () => {
  const beside = (...files: readonly (readonly [string, string])[]) =>
    new Map([["limpid.beside/label files", JSON.stringify(files)]]);
  const labels = (classes: number, ...files: readonly (readonly [string, string])[]) =>
    labelsOf(undefined, classes, beside(...files));

  test("one that names as many classes is taken, and said", async () => {
    for (const text of ["cat\ndog\n", "0 cat\r\n1 dog", "1: cat\n2: dog", '{"cat": 0, "dog": 1}']) {
      const { names, note } = await labels(2, ["labels.txt", text]);
      const { from } = await labelsFrom(undefined, 2, beside(["labels.txt", text]));
      expect(from).toBe("labels.txt beside the model");
      expect(names, text).toEqual(["cat", "dog"]);
      expect(wordsOf(note!, libraryWords)).toContain("those of labels.txt beside the model");
    }
  });

  test("names come before ImageNet's, and words before the numbers of synsets", async () => {
    const ids = Array.from({ length: 1000 }, (_, i) => `n${String(i).padStart(8, "0")}`);
    const words = ids.map((_, i) => `thing ${i}`);
    const { names } = await labels(
      1000,
      ["ids.labels.txt", ids.join("\n")],
      ["names.txt", words.join("\n")],
    );
    expect(names?.[7]).toBe("thing 7");
  });

  test("of several that differ none is taken", async () => {
    const { names, note } = await labels(2, ["a.names", "cat\ndog"], ["b.names", "dog\ncat"]);
    expect(names).toBeUndefined();
    expect(wordsOf(note!, libraryWords)).toContain("a.names, b.names");
    const { names: same } = await labels(2, ["a.names", "cat\ndog"], ["b.names", "cat\ndog"]);
    expect(same).toEqual(["cat", "dog"]);
  });

  test("other counts and other text are passed over", async () => {
    expect(await labels(3, ["labels.txt", "cat\ndog"])).toEqual({ names: undefined });
    expect(await labels(2, ["labels.txt", `cat\n${"x".repeat(300)}`])).toEqual({
      names: undefined,
    });
    expect(await labels(2, ["labels.txt", "cat\n\ndog"])).toEqual({ names: undefined });
    const spoiled = new Map([["limpid.beside/label files", "no JSON"]]);
    expect(await labelsOf(undefined, 2, spoiled)).toEqual({ names: undefined });
  });
});
