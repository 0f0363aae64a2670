/** @file Names of classes as tools write them. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { namesInText } from "./class-names.ts";
import { readLiteral } from "./python-literal.ts";

/** As Python's `repr` writes a text. */
function python(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll(quote, `\\${quote}`);
  return `${quote}${inner}${quote}`;
}

const names = fc.uniqueArray(
  fc
    .oneof(
      fc.string({ minLength: 1, unit: "grapheme" }),
      fc.constantFrom("it's", '"', "a\\b", "__proto__", "length"),
    )
    .filter((name) => !/^\s*\d+\s*$/.test(name)),
  { minLength: 1, maxLength: 12 },
);

type Spelling = (list: readonly string[]) => string;

const spellings: readonly Spelling[] = [
  (list) => JSON.stringify(list),
  (list) => `[${list.map(python).join(", ")}]`,
  (list) => `(${list.map(python).join(", ")},)`,
  (list) =>
    `{${list
      .map((name, i) => `${i}: ${python(name)}`)
      .reverse()
      .join(", ")}}`,
  (list) => `{${list.map((name, i) => `"${i}": ${JSON.stringify(name)}`).join(",")}}`,
  (list) =>
    `{${list
      .map((name, i) => `${python(name)}: ${i}`)
      .reverse()
      .join(", ")}}`,
  (list) => `{${list.map((name, i) => `${JSON.stringify(name)}: "${i}"`).join(",")}}`,
  (list) =>
    `{"model_type": "vit", "id2label": {${list.map((name, i) => `"${i}": ${JSON.stringify(name)}`).join(",")}}}`,
  (list) =>
    `{"label2id": {${list.map((name, i) => `${JSON.stringify(name)}: ${i}`).join(",")}}, "x": [1]}`,
  (list) => `{"pretrained_cfg": {"mean": 0}, "label_names": ${JSON.stringify(list)}}`,
  (list) => JSON.stringify(list.map((name, id) => ({ id, name }))),
];

test("names are read in every spelling, in any order", () => {
  fc.assert(
    fc.property(names, fc.constantFrom(...spellings), (list, spell) => {
      expect(namesInText(spell(list))).toEqual(list);
    }),
  );
});

test.each([
  "{0: 'a', 2: 'b'}",
  "{'a': 0, 'b': 0}",
  "{'a': 1, 'b': 2}",
  "{}",
  "[]",
  "[1, 2]",
  "{'a'}",
  "[",
  "x",
  "{0: 'a'} x",
  "None",
  "",
])("%s holds no names", (text) => {
  expect(namesInText(text)).toBeUndefined();
});

test("names that Transformers makes up are none", () => {
  expect(namesInText('{"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}')).toBeUndefined();
});

test("no text breaks the reader, and deep ones are refused", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from("[]{}():,'\"\\0xuU a-.eTrue")) }),
      (text) => void readLiteral(text),
    ),
  );
  expect(readLiteral("[".repeat(1e5))).toBeUndefined();
});
