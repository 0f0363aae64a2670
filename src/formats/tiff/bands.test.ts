import * as fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { LimpidError } from "../../errors.ts";
import { tiffFile, type TiffForm } from "../../../test/tiff-file.ts";
import { decodeBands } from "./bands.ts";

const ranges = {
  u8: [0, 255],
  u16: [0, 65535],
  u32: [0, 2 ** 24],
  i8: [-128, 127],
  i16: [-32768, 32767],
  i32: [-(2 ** 24), 2 ** 24],
  f32: [-1000, 1000],
  f64: [-1000, 1000],
} as const;

const forms: fc.Arbitrary<TiffForm> = fc
  .record({
    bands: fc.integer({ min: 1, max: 13 }),
    height: fc.integer({ min: 1, max: 20 }),
    width: fc.integer({ min: 1, max: 20 }),
    type: fc.constantFrom(...(Object.keys(ranges) as (keyof typeof ranges)[])),
    isLittle: fc.boolean(),
    isBig: fc.boolean(),
    isPlanar: fc.boolean(),
    isTiled: fc.boolean(),
    rowsOfStrip: fc.integer({ min: 1, max: 22 }),
    packing: fc.constantFrom("none" as const, "deflate" as const, "packbits" as const),
    predictor: fc.constantFrom(1 as const, 2 as const, 3 as const),
    seed: fc.integer({ min: 0, max: 1000 }),
  })
  .map(({ bands, height, width, isTiled, seed, ...form }) => {
    const [low, high] = ranges[form.type];
    const isFloat = form.type.startsWith("f");
    const values = Array.from({ length: bands * height * width }, (_, i) => {
      const share = ((i * 2654435761 + seed * 40503) % 10007) / 10006;
      const value = low + share * (high - low);
      return isFloat ? Math.fround(value) : Math.round(value) + 0;
    });
    const predictor = form.predictor === 3 && !isFloat ? 2 : form.predictor;
    return {
      ...form,
      predictor,
      dims: [bands, height, width] as const,
      values,
      ...(isTiled ? { tile: [16, 16] as const } : {}),
    };
  });

test("numbers of any kind, order, packing and layout come back as they were stored", () => {
  fc.assert(
    fc.property(forms, (form) => {
      const read = decodeBands(tiffFile(form), "a.tif");
      expect(read.dims).toEqual(form.dims);
      expect(read.data).toEqual(Float32Array.from(form.values));
      expect(read.axes).toEqual(["C", "H", "W"]);
    }),
    { numRuns: 300 },
  );
});

const plain: TiffForm = {
  dims: [12, 9, 7],
  values: Array.from({ length: 12 * 9 * 7 }, (_, i) => (i * 37) % 4000),
  type: "u16",
  isLittle: true,
  isBig: false,
  isPlanar: false,
  rowsOfStrip: 4,
  packing: "none",
  predictor: 1,
};

test("GDAL's nodata is told, as float32", () => {
  expect(decodeBands(tiffFile({ ...plain, nodata: "-9999" }), "a.tif").nodata).toBe(-9999);
  expect(decodeBands(tiffFile({ ...plain, nodata: "nan" }), "a.tif").nodata).toBeNaN();
  expect(decodeBands(tiffFile(plain), "a.tif").nodata).toBeUndefined();
});

test.each([
  ["LZW", { compression: "lzw" }],
  ["LZW with differences", { compression: "lzw", predictor: "horizontal" }],
  [
    "Deflate with differences, tiled",
    { compression: "deflate", predictor: "horizontal", tile: true, tileWidth: 32, tileHeight: 32 },
  ],
  [
    "LZW, tiled",
    { compression: "lzw", predictor: "none", tile: true, tileWidth: 16, tileHeight: 16 },
  ],
  ["BigTIFF", { compression: "lzw", bigtiff: true }],
] as const)("what libtiff writes reads as libtiff reads it: %s", async (_, options) => {
  const [width, height] = [150, 70];
  for (const depth of ["uchar", "ushort"] as const) {
    const raw = Uint8Array.from(
      { length: 3 * width * height },
      (_, i) => (i * i * 7 + (i >> 5)) % (i % 3 === 0 ? 256 : 9),
    );
    const wide =
      depth === "uchar" ? raw : Uint16Array.from(raw, (value, i) => value * 250 + (i % 50));
    const file = await sharp(wide, { raw: { width, height, channels: 3 } })
      .toColourspace(depth === "uchar" ? "srgb" : "rgb16")
      .tiff(options)
      .toBuffer();
    const read = decodeBands(file, "a.tif");
    expect(read.dims).toEqual([3, height, width]);
    const known = await sharp(file)
      .toColourspace(depth === "uchar" ? "srgb" : "rgb16")
      .raw({ depth })
      .toBuffer();
    const values = depth === "uchar" ? known : new Uint16Array(new Uint8Array(known).buffer);
    const planar = Float32Array.from({ length: values.length }, (_, i) => {
      const [band, place] = [Math.floor(i / (width * height)), i % (width * height)];
      return values[3 * place + band]!;
    });
    expect(read.data).toEqual(planar);
  }
});

test("pages of one band and size are the slices of a volume", async () => {
  const data = Uint8Array.from({ length: 4 * 5 * 6 }, (_, i) => i);
  const file = await sharp(data, { raw: { width: 6, height: 20, channels: 1, pageHeight: 5 } })
    .toColourspace("b-w")
    .tiff({ compression: "none" })
    .toBuffer();
  const read = decodeBands(file, "stack.tif");
  expect(read.dims).toEqual([4, 5, 6]);
  expect(read.axes).toEqual(["D", "H", "W"]);
  expect(read.data).toEqual(Float32Array.from(data));
});

/** Where the value of a tag of the plain file lies. */
function changed(tag: number, value: number, field: 2 | 4 | 8 = 8): Uint8Array {
  const file = tiffFile(plain).slice();
  const view = new DataView(file.buffer);
  const directory = view.getUint32(4, true);
  const count = view.getUint16(directory, true);
  for (let i = 0; i < count; i++) {
    const at = directory + 2 + 12 * i;
    if (view.getUint16(at, true) === tag) view.setUint32(at + field, value, true);
  }
  return file;
}

test.each([
  ["a width of none", changed(256, 0), /must have a width/],
  [
    "a width of thousands of millions",
    changed(256, 2 ** 31),
    /must have 3 pieces|must hold|pieces/,
  ],
  ["more bands than there are", changed(277, 60000), /must hold|at most/],
  ["JPEG", changed(259, 7), /packed by LZW, Deflate, PackBits or nothing, got JPEG/],
  ["Zstandard", changed(259, 50000), /Zstandard/],
  ["a palette", changed(262, 3), /photometric 3/],
  ["a predictor of another kind", changed(317, 9), /predictor/],
  ["strips at no place", changed(273, 2 ** 31, 8), /tag 273|piece/],
  ["another number of strips", changed(278, 1), /must have 9 pieces/],
  ["directories in a circle", circle(), /circle/],
  ["nothing", new Uint8Array(0), /whole header/],
  ["a header alone", tiffFile(plain).subarray(0, 20), /directory/],
])("%s is refused", (_, file, message) => {
  const read = () => decodeBands(file, "a.tif");
  expect(read).toThrow(LimpidError);
  expect(read).toThrow(message);
});

function circle(): Uint8Array {
  const file = tiffFile(plain).slice();
  const view = new DataView(file.buffer);
  const directory = view.getUint32(4, true);
  view.setUint32(directory + 2 + 12 * view.getUint16(directory, true), directory, true);
  return file;
}

test("cut and changed files are refused or read, and nothing else", () => {
  const files = [
    tiffFile(plain),
    tiffFile({ ...plain, isBig: true, packing: "deflate", tile: [16, 16], predictor: 2 }),
    tiffFile({ ...plain, packing: "packbits", isPlanar: true, isLittle: false }),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 255 }),
      fc.boolean(),
      (file, share, byte, isCut) => {
        const at = Math.min(Math.floor(share * file.length), file.length - 1);
        const other = isCut ? file.slice(0, at) : file.with(at, byte);
        try {
          decodeBands(other, "a.tif");
        } catch (error) {
          expect(error).toBeInstanceOf(LimpidError);
        }
      },
    ),
    { numRuns: 1500 },
  );
});
