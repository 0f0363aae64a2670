/** @file Sizes that picture files tell, against files that were written. */
import * as fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { expect, test } from "vitest";
import { sizeInFile } from "./size-in-file.ts";

const side = fc.integer({ min: 1, max: 300 });

const written = {
  png: (image: Sharp) => image.png(),
  gif: (image: Sharp) => image.gif(),
  jpeg: (image: Sharp) => image.jpeg(),
  "progressive jpeg": (image: Sharp) => image.jpeg({ progressive: true }),
  "jpeg with EXIF": (image: Sharp) => image.withExif({ IFD0: { Copyright: "x" } }).jpeg(),
  "lossy webp": (image: Sharp) => image.webp(),
  "lossless webp": (image: Sharp) => image.webp({ lossless: true }),
  "webp with EXIF": (image: Sharp) => image.withExif({ IFD0: { Copyright: "x" } }).webp(),
  avif: (image: Sharp) => image.avif({ effort: 0 }),
} as const;

test.each(Object.entries(written))("%s", async (_, write) => {
  await fc.assert(
    fc.asyncProperty(side, side, async (width, height) => {
      const image = sharp({ create: { width, height, channels: 3, background: "#a41" } });
      const bytes = new Uint8Array(await write(image).toBuffer());
      expect(sizeInFile(bytes)).toEqual({ widthPx: width, heightPx: height });
    }),
    { numRuns: 8 },
  );
});

test("BMP files, of whatever header, whichever row comes first", () => {
  const bytes = new Uint8Array(54);
  bytes.set([0x42, 0x4d]);
  const view = new DataView(bytes.buffer);
  view.setUint32(14, 40, true);
  view.setInt32(18, 70, true);
  view.setInt32(22, -50, true);
  expect(sizeInFile(bytes)).toEqual({ widthPx: 70, heightPx: 50 });
  view.setUint32(14, 12, true);
  view.setUint16(18, 7, true);
  view.setUint16(20, 5, true);
  expect(sizeInFile(bytes)).toEqual({ widthPx: 7, heightPx: 5 });
});

test("whatever bytes there are, nothing is thrown", () => {
  const starts = [
    "ffd8ff",
    "89504e470d0a1a0a",
    "474946383961",
    "424d",
    "5249464600000000574542505650385800000000",
  ];
  const bytes = fc
    .tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 60 }))
    .map(([start, rest]) => Uint8Array.from([...Buffer.from(start, "hex"), ...rest]));
  fc.assert(fc.property(bytes, (each) => void sizeInFile(each)));
});
