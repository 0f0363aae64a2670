/** @file Texts with what stands in braces filled in. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { filled } from "./filled-text.ts";
import { german } from "./german/index.ts";
import { english } from "./english/index.ts";

test("each name gets its value, whatever that holds", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (gain, score) => {
      expect(filled("{gain} of {score}: {gain}", { gain, score })).toBe(
        `${gain} of ${score}: ${gain}`,
      );
    }),
  );
  expect(filled("{other}", {})).toBe("{other}");
});

test("both languages ask for the same values", () => {
  const namesIn = (texts: object) =>
    Object.entries(texts).flatMap(([key, text]) =>
      typeof text === "string"
        ? [[key, [...text.matchAll(/\{[a-z]+\}/g)].join().split(",").toSorted()]]
        : [],
    );
  expect(namesIn(german)).toEqual(expect.arrayContaining(namesIn(english)));
});
