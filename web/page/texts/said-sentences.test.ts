/** @file Sentences are found by their English, whatever stands in their braces, and are translated whole or not at all. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { translator } from "./said-sentences.ts";

const translate = translator({
  pairs: [
    ["{share} of all lies at {place}", "{place} liegt {share} von allem"],
    ["nothing lies at {place}", "{place} liegt nichts"],
    ["because of {reason}: {sentence}", "wegen {reason}: {sentence}"],
  ],
  words: { place: { top: "oben", "top left (x)": "oben links (x)" } },
});

/** What may stand in a brace: no joint of sentences. */
const value = fc.string({ minLength: 1 }).filter((text) => !/; | {2}· {2}|\n/.test(text));

test("what is in a brace stays as it is", () => {
  fc.assert(
    fc.property(value, (share) => {
      expect(translate(`${share} of all lies at top`)).toBe(`oben liegt ${share} von allem`);
    }),
  );
});

test("sentences that are joined are translated one by one, or none is", () => {
  const sentences = [
    ["nothing lies at top", "oben liegt nichts"],
    ["nothing lies at top left (x)", "oben links (x) liegt nichts"],
    ["3 % of all lies at top", "oben liegt 3 % von allem"],
    ["nothing lies at bottom", undefined],
    ["something else", undefined],
  ] as const;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...sentences), { minLength: 1, maxLength: 4 }),
      fc.constantFrom("; ", "  ·  "),
      (drawn, joint) => {
        const others = drawn.map(([, other]) => other);
        const isWhole = others.every((other) => other !== undefined);
        const said = translate(drawn.map(([english]) => english).join(joint));
        expect(said).toBe(isWhole ? others.join(joint) : undefined);
      },
    ),
  );
});

test("a sentence within a sentence is translated too, or the whole stays English", () => {
  expect(translate("because of $&: nothing lies at top")).toBe("wegen $&: oben liegt nichts");
  expect(translate("because of $&: nothing lies there")).toBeUndefined();
});
