/** @file How many frames a picture file holds. */
import * as fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { wordsOf, libraryWords } from "../wording/face.ts";
import { corpusOf } from "../../test/fuzz/corpus.ts";
import { frameCount, framesNote } from "./frames.ts";

const side = 8;

/** Frames that differ, so that none is left out. */
function frames(count: number) {
  const data = Uint8Array.from({ length: 3 * side * side * count }, (_, i) => (i * 37) % 256);
  const raw = { width: side, height: side * count, channels: 3, pageHeight: side } as const;
  return sharp(data, { raw, animated: true });
}

const chunk = (type: string, ...data: readonly number[]) => [
  0,
  0,
  0,
  data.length,
  ...Buffer.from(type),
  ...data,
  0,
  0,
  0,
  0,
];

const movingPng = (count: number) =>
  Uint8Array.from([
    ...Buffer.from("89504e470d0a1a0a", "hex"),
    ...chunk("IHDR", ...Array<number>(13).fill(0)),
    ...chunk("acTL", 0, 0, 0, count, 0, 0, 0, 0),
    ...chunk("IDAT"),
  ]);

test.each([1, 2, 5])("a GIF, a WebP and a PNG file of %i frames", async (count) => {
  const files = [await frames(count).gif().toBuffer(), await frames(count).webp().toBuffer()];
  for (const file of [...files, movingPng(count)]) expect(frameCount(file)).toBe(count);
});

test("the still pictures of the corpus have one frame, and the one that moves is told", () => {
  const counts = ["png", "jpg", "bmp", "avif", "webp", "still.gif"].flatMap((ending) =>
    corpusOf("picture", ending).map(frameCount),
  );
  expect(new Set(counts)).toEqual(new Set([1]));
  const [moving] = corpusOf("picture", "moving.gif");
  expect(wordsOf(framesNote(moving!, "a.gif")!, libraryWords)).toBe(
    '"a.gif" moves: of its 2 frames only the first is looked at',
  );
});

test("files that are cut or changed are counted to an end", () => {
  const all = ["gif", "webp", "png"].flatMap((ending) => corpusOf("picture", ending));
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.nat(), fc.nat(255), fc.nat(), (file, at, byte, end) => {
      const bytes = file.slice(0, end % (file.length + 1));
      if (bytes.length > 12) bytes[12 + (at % (bytes.length - 12))] = byte;
      expect(frameCount(bytes)).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});
