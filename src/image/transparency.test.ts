/** @file Transparency: laid on white, told where there is some, and kept for masks, whatever the file or the pixels. */
import * as fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { expect, test } from "vitest";
import { decodePicture } from "../node/codecs.ts";
import { libraryWords, wordsOf } from "../wording/face.ts";
import { handedPicture } from "./transparency.ts";

const [widthPx, heightPx] = [6, 5];
const size = widthPx * heightPx;
const alphas = fc.oneof(
  fc.constant(new Uint8Array(size).fill(255)),
  fc.uint8Array({ minLength: size, maxLength: size }),
  fc
    .array(fc.constantFrom(0, 255), { minLength: size, maxLength: size })
    .map((values) => Uint8Array.from(values)),
);
const formats = {
  png: (image: Sharp) => image.png(),
  "deep png": (image: Sharp) => image.toColourspace("rgb16").png(),
  "grey png": (image: Sharp) => image.greyscale().png(),
  webp: (image: Sharp) => image.webp({ lossless: true, exact: true }),
  tiff: (image: Sharp) => image.tiff({ compression: "lzw" }),
} as const;

test("of files of every format and of pixels is on white, told if there is some, and kept", async () => {
  const bytes = fc.uint8Array({ minLength: 3 * size, maxLength: 3 * size });
  const drawn = fc.tuple(fc.constantFrom(...Object.keys(formats)), alphas, bytes);
  await fc.assert(
    fc.asyncProperty(drawn, async ([format, alpha, colours]) => {
      const grey = format === "grey png";
      const data = Uint8Array.from({ length: 4 * size }, (_, i) =>
        i % 4 === 3 ? alpha[(i - 3) / 4]! : colours[3 * Math.floor(i / 4) + (grey ? 0 : i % 4)]!,
      );
      const raw = { width: widthPx, height: heightPx, channels: 4 } as const;
      const file = await formats[format as keyof typeof formats](sharp(data, { raw })).toBuffer();
      const clear = alpha.filter((value) => value < 255).length;
      const handed = handedPicture({ widthPx, heightPx, channels: 4, data }, "a b.png");
      for (const picture of [await decodePicture(file, "a b.png"), handed]) {
        expect(picture.channels).toBe(3);
        for (const [i, value] of picture.data.entries()) {
          const own = alpha[Math.floor(i / 3)]! / 255;
          const wanted = data[4 * Math.floor(i / 3) + (i % 3)]! * own + 255 * (1 - own);
          expect(Math.abs(value - wanted)).toBeLessThan(grey ? 4 : 2);
        }
        const note = picture.note && wordsOf(picture.note, libraryWords);
        if (clear === 0) expect([note, picture.alpha]).toEqual([undefined, undefined]);
        else
          expect(note).toMatch(
            /^"a b\.png" is transparent in .* of its pixels, which are laid on white$/,
          );
        if (clear > 0) expect(picture.alpha).toEqual(alpha);
      }
    }),
    { numRuns: 150 },
  );
});

test("the share is that of pixels that are not opaque", () => {
  const data = Uint8Array.of(1, 2, 3, 255, 1, 2, 3, 254, 1, 2, 3, 0, 1, 2, 3, 255);
  const { note } = handedPicture({ widthPx: 4, heightPx: 1, channels: 4, data }, "veil.png");
  expect(wordsOf(note!, libraryWords)).toMatch(/"veil\.png" is transparent in 50.% of its pixels/);
});
