/** @file Numbers of picture files of more than 8 bits, as pixels. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { commandWords, wordsOf } from "../wording/face.ts";
import {
  assumedPicture,
  darkNote,
  parsePixelRange,
  pictureOfNumbers,
  type FileNumbers,
} from "./file-numbers.ts";

function grey(values: readonly number[], kind: FileNumbers["kind"] = "floats"): FileNumbers {
  const data = Float32Array.from(values);
  return { widthPx: values.length, heightPx: 1, channels: 1, data, kind };
}

const number = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });

test("black and white are those of the range, the same way round or not, and the rest lies between", () => {
  fc.assert(
    fc.property(number, number, fc.array(number, { minLength: 1 }), (black, white, values) => {
      fc.pre(Math.abs(black - white) > 1e-3);
      const { data } = pictureOfNumbers(grey([black, white, ...values]), [black, white]);
      expect([data[0], data[3]]).toEqual([0, 255]);
      for (const [i, value] of values.entries()) {
        const share = (Math.fround(value) - black) / (white - black);
        const wanted = Math.min(Math.max(255 * share, 0), 255);
        expect(Math.abs(data[3 * (i + 2)]! - wanted)).toBeLessThan(0.51);
      }
    }),
  );
});

test.each<[readonly number[], FileNumbers["kind"], readonly number[], RegExp]>([
  [[0, 0.5, 1], "floats", [0, 128, 255], /from 0 to 1; took 0 for black and 1 for white \(--range/],
  [[0.2, 0.4], "floats", [51, 102], /took 0 for black and 1 for white/],
  [
    [-0.02, 1.03],
    "floats",
    [0, 255],
    /took 0 for black and 1 for white, what lies beyond is clipped/,
  ],
  [[0, 51, 255], "floats", [0, 51, 255], /took 0 for black and 255 for white/],
  [[0, 13107], "floats", [0, 51], /took 0 for black and 65.5e3|took 0 for black and 6.*for white/],
  [[-100, 0, 100], "floats", [0, 128, 255], /took −100 for black and 100 for white/],
  [[0, 1], "integers", [0, 1], /took 0 for black and 255 for white/],
  [[Number.NaN, 0, 1], "floats", [0, 0, 255], /, 1 that are no numbers are black/],
  [[-5, -5], "floats", [0, 0], /took −5 for black/],
  [[Number.NaN], "floats", [0], /from 0 to 0/],
])("%j, %s", (values, kind, wanted, words) => {
  const { data, note } = assumedPicture("p.tif", grey(values, kind));
  expect([...data].filter((_, i) => i % 3 === 0)).toEqual(wanted);
  expect(wordsOf(note!, commandWords)).toMatch(words);
});

test("transparency is laid on white", () => {
  const data = Float32Array.of(0, 65535, 0, 0);
  const numbers = { widthPx: 2, heightPx: 1, channels: 2, data, kind: "16 bits" } as const;
  expect([...pictureOfNumbers(numbers, [0, 65535]).data]).toEqual([0, 0, 0, 255, 255, 255]);
});

test("few bits of 16 are told with the range that they may be of, and others are not", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65535 }), (max) => {
      const note = darkNote("p.png", grey([0, max], "16 bits"));
      if (max === 0 || max > 16383) {
        expect(note).toBeUndefined();
        return;
      }
      const [, white] = /--range 0\.\.(\d+)$/.exec(wordsOf(note!, commandWords))!;
      expect(Number(white)).toBeGreaterThanOrEqual(max);
      expect([255, 1023, 4095, 16383]).toContain(Number(white));
    }),
  );
});

test("ranges are read from text, and others refused", () => {
  expect(parsePixelRange("0..4095")).toEqual([0, 4095]);
  expect(parsePixelRange("1.5 .. -2e3")).toEqual([1.5, -2000]);
  for (const text of ["", "5", "1..1", "0..", "..1", "a..b", "0..1..2", "0..Infinity"]) {
    expect(() => parsePixelRange(text)).toThrow(LimpidError);
  }
});
