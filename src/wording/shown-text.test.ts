import * as fc from "fast-check";
import { expect, test } from "vitest";
import { jsonText, shownLines, shownText } from "./shown-text.ts";

test("commands of terminals, turned and hidden letters are spelled out", () => {
  expect(shownText("a\u001b[31mb")).toBe("a\\x1b[31mb");
  expect(shownText("\u0000\u0007\u007f\u009b")).toBe("\\x00\\x07\\x7f\\x9b");
  expect(shownText("\u202egnp.exe\u2066\u200b\ufeff")).toBe("\\u202egnp.exe\\u2066\\u200b\\ufeff");
  expect(shownText("one\ntwo\r\tthree\u2028\u2029")).toBe("one\\ntwo\\r\\tthree\\u2028\\u2029");
  expect(shownText("\ud800 \udfff")).toBe("\\ud800 \\udfff");
  expect(shownText("\u{e0041}")).toBe("\\u{e0041}");
  expect(shownLines("one\ntwo\r")).toBe("one\ntwo\\r");
});

test("letters of all scripts and signs stay", () => {
  const text = "Grün, кот, 猫, قط, บ้าน, 😀, −3 · 1\u00a0%, C:\\photos, <b>&amp;";
  expect(shownText(text)).toBe(text);
  expect(jsonText(text)).toBe(JSON.stringify(text));
});

const anything = fc.string({ unit: "binary" });
const bad = /(?!\n)[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/u;

test("nothing that does more than show itself is left, and JSON says the same", () => {
  fc.assert(
    fc.property(fc.array(anything), fc.dictionary(anything, anything), (list, byName) => {
      const value = { list, byName };
      for (const indent of [undefined, 1]) {
        expect(jsonText(value, indent)).not.toMatch(bad);
        expect(JSON.parse(jsonText(value, indent))).toEqual(JSON.parse(JSON.stringify(value)));
      }
      for (const text of list) {
        expect(shownText(text)).not.toMatch(bad);
        expect(shownText(text)).not.toContain("\n");
        expect(shownText(shownText(text))).toBe(shownText(text));
      }
    }),
  );
});
