import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitText, typefaceOf, wrapText, type Typeface } from "./typeface.ts";

const loaded: string[] = [];

function file(script: string): () => ArrayBuffer {
  return () => {
    loaded.push(script);
    const bytes = readFileSync(
      `node_modules/@fontsource/inter/files/inter-${script}-400-normal.woff`,
    );
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  };
}

const inter = typefaceOf([file("latin"), file("greek"), file("cyrillic")]);

describe("Inter", () => {
  test("has the widths of its table, at every size", () => {
    // Of 2048 units an em, the letters A and V are 1413 wide each.
    expect(inter.width("AV", 2048)).toBe(2 * 1413);
    expect(inter.width("AV", 10)).toBeCloseTo((20 * 1413) / 2048, 8);
  });

  test("loads other scripts only when a letter needs them", () => {
    loaded.length = 0;
    const face = typefaceOf([file("latin"), file("greek"), file("cyrillic")]);
    expect(loaded).toEqual([]);
    face.width("Grad-CAM, 7 × 7: −0.5 … “ReLU”", 12);
    expect(loaded).toEqual(["latin"]);
    face.width("λ", 12);
    expect(loaded).toEqual(["latin", "greek"]);
    face.width("Щ", 12);
    expect(loaded).toEqual(["latin", "greek", "cyrillic"]);
  });

  test.each([
    ["猫", String.raw`\u732b`],
    ["חתול 2", String.raw`\u05d7\u05ea\u05d5\u05dc 2`],
    ["🐱", String.raw`\u{1f431}`],
    ["\u202e", String.raw`\u202e`],
    ["E\u0301pagneul", "Épagneul"],
    ["\uffff", String.raw`\uffff`],
  ])("draws %j as %j", (text, wanted) => {
    const drawn = (each: string) =>
      inter.glyphs(each, 12, 0).map(({ x, coverage }) => [x, [...coverage.data]]);
    expect(inter.width(text, 12)).toBe(inter.width(wanted, 12));
    expect(drawn(text)).toEqual(drawn(wanted));
  });

  test("two names of letters that no file has look different", () => {
    const letters = fc.string({
      unit: fc.integer({ min: 0x4e00, max: 0x9fff }).map(String.fromCodePoint),
      minLength: 1,
    });
    fc.assert(
      fc.property(letters, letters, (one, other) => {
        fc.pre(one !== other);
        const drawn = (each: string) =>
          JSON.stringify(inter.glyphs(each, 12, 0).map(({ x, coverage }) => [x, ...coverage.data]));
        expect(drawn(one)).not.toBe(drawn(other));
      }),
    );
  });

  test("draws an upright stroke of a letter as dark as it is wide", () => {
    const { coverage } = inter.glyphs("l", 40, 0)[0]!;
    const middle = Math.floor(coverage.heightPx / 2) * coverage.widthPx;
    const row = coverage.data.subarray(middle, middle + coverage.widthPx);
    const stroke = row.reduce((sum, value) => sum + value, 0) / 255;
    expect(stroke).toBeGreaterThan(2.5);
    expect(stroke).toBeLessThan(5);
    expect(coverage.top).toBeLessThan(-25);
    expect(coverage.top + coverage.heightPx).toBeLessThanOrEqual(1);
  });

  test("moves letters by quarters of a pixel", () => {
    const at = (x: number) => [...inter.glyphs("l", 20, x)[0]!.coverage.data];
    expect(at(0.25)).toEqual(at(7.25));
    expect(at(0)).not.toEqual(at(0.5));
    expect(inter.glyphs("ll", 20, 0)[1]!.x).toBe(Math.floor(inter.width("l", 20) + 1 / 8));
  });
});

/** Every letter is one pixel wide for each pixel of size. */
const square: Typeface = {
  width: (text, sizePx) => Array.from(text).length * sizePx,
  glyphs: () => [],
};

test.each([
  ["conv5_3", 7, "conv5_3"],
  ["conv5_block3_out", 7, "conv5_…"],
  ["one two", 5, "one…"],
  ["start 0.125", 9, "start…"],
  ["from −12.5 on", 8, "from…"],
  ["12345", 3, ""],
  ["abc", 1, ""],
  ["", 5, ""],
])('"%s" in %i letters is "%s"', (text, letters, expected) => {
  expect(fitText(square, text, 10, 10 * letters)).toBe(expected);
});

test("text is broken between words, and only a word that is too long is cut", () => {
  expect(wrapText(square, "the map  is 0\neverywhere here", 1, 8)).toEqual([
    "the map",
    "is 0",
    "everywh…",
    "here",
  ]);
  expect(wrapText(square, "", 1, 8)).toEqual([]);
  expect(wrapText(square, "half of 51 % is", 1, 10)).toEqual(["half of", "51 % is"]);
});
