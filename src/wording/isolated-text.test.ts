/** @file What is written from right to left is found, whole and alone, and nothing of a text is lost. */
import { array, assert, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";
import { isolatedText, textPieces } from "./isolated-text.ts";

const letters = constantFrom("א", "ب", "é", "a", "7", ":", " ", "-", "→", "\u{1e900}", "(", "\n");
const texts = array(letters, { maxLength: 20 }).map((all) => all.join(""));

const isTurned = (text: string) => /[אب\u{1e900}]/u.test(text);

test("pieces are the text, and all that turns is in those that are isolated", () => {
  assert(
    property(texts, (text) => {
      const pieces = textPieces(text);
      expect(pieces.map((piece) => piece.text).join("")).toBe(text);
      for (const piece of pieces) {
        expect(isTurned(piece.text)).toBe(piece.isIsolated);
        // Numbers, signs and other names keep their places beside a name.
        if (piece.isIsolated) expect(piece.text).toMatch(/^[אب\u{1e900}]([ -]?[אب\u{1e900}])*$/u);
      }
      const bare = isolatedText(text).replaceAll(/[\u2068\u2069]/g, "");
      expect(bare).toBe(text);
    }),
  );
});

test("names keep their words together, and two of them stay two", () => {
  const isolated = (text: string) =>
    textPieces(text)
      .filter((piece) => piece.isIsolated)
      .map((piece) => piece.text);
  expect(isolated("חתול בית: 0.93 → 0.12, قطة")).toEqual(["חתול בית", "قطة"]);
  expect(isolated("layer 3")).toEqual([]);
  expect(isolatedText("תמונה.png (2)")).toBe("\u2068תמונה\u2069.png (2)");
});
