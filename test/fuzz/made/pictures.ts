/** @file Pictures of the corpus: every format that is read, and forms of it. */
import sharp, { type Sharp } from "sharp";
import { encodeRaw } from "../../../src/app/raw-picture.ts";
import { picture, type Picture } from "../../../src/image/picture.ts";

/** 12 x 10, all of whose values differ a little. */
function drawn(channels: 1 | 3 | 4): Picture {
  const data = Uint8Array.from({ length: 120 * channels }, (_, i) => (i * 7 + (i >> 3)) % 256);
  return picture(12, 10, channels, data);
}

function image(channels: 1 | 3 | 4): Sharp {
  const { data } = drawn(channels);
  const made = sharp(data, { raw: { width: 12, height: 10, channels } });
  return channels === 1 ? made.toColourspace("b-w") : made;
}

function deep(): Sharp {
  const data = Uint16Array.from({ length: 120 }, (_, i) => i * 500);
  return sharp(data, { raw: { width: 12, height: 10, channels: 1 } }).toColourspace("grey16");
}

function floats(): Sharp {
  const data = Float32Array.from({ length: 360 }, (_, i) => i / 360);
  return sharp(data, { raw: { width: 12, height: 10, channels: 3 } }).toColourspace("scrgb");
}

const encoded: Readonly<Record<string, () => Sharp>> = {
  "rgb.png": () => image(3).png(),
  "rgba.png": () => image(4).png(),
  "palette.png": () => image(3).png({ palette: true, colours: 16 }),
  "interlaced.png": () => image(3).png({ progressive: true }),
  "deep.png": () => deep().png(),
  "plain.jpg": () => image(3).jpeg({ quality: 50 }),
  "grey.jpg": () => image(1).jpeg({ quality: 50 }),
  "progressive.jpg": () => image(3).jpeg({ quality: 50, progressive: true }),
  "turned.jpg": () => image(3).withMetadata({ orientation: 6 }).jpeg({ quality: 50 }),
  "lossy.webp": () => image(3).webp({ quality: 50 }),
  "lossless.webp": () => image(4).webp({ lossless: true }),
  "still.gif": () => image(3).gif(),
  "plain.tiff": () => image(3).tiff({ compression: "none" }),
  "packed.tiff": () => image(3).tiff({ compression: "lzw", predictor: "horizontal" }),
  "tiled.tiff": () =>
    image(3).tiff({ compression: "deflate", tile: true, tileWidth: 16, tileHeight: 16 }),
  "floats.tiff": () => floats().tiff({ compression: "none" }),
  "plain.avif": () => image(3).avif({ quality: 30, effort: 1 }),
};

/** A bitmap of 40 bytes of header. */
function bitmap(
  bits: number,
  compression: number,
  palette: number,
  pixels: Uint8Array,
): Uint8Array {
  const start = 54 + 4 * palette;
  const file = new Uint8Array(start + pixels.length);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  for (let i = 54; i < start; i++) file[i] = (i * 13) % 256;
  file.set(pixels, start);
  for (const [at, value] of [
    [2, file.length],
    [10, start],
    [14, 40],
    [18, 12],
    [22, 10],
    [30, compression],
    [34, pixels.length],
    [46, palette],
  ] as const)
    view.setUint32(at, value, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  return file;
}

function bitmaps(): Readonly<Record<string, Uint8Array>> {
  const counted = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 5) % 256);
  const runs = Uint8Array.from([
    ...Array<number[]>(9).fill([12, 3, 0, 0]).flat(),
    0,
    4,
    1,
    2,
    3,
    4,
    0,
    2,
    2,
    0,
    0,
    1,
  ]);
  return {
    "1.bmp": bitmap(1, 0, 2, counted(40)),
    "4.bmp": bitmap(4, 0, 16, counted(80)),
    "8.bmp": bitmap(8, 0, 32, counted(120)),
    "16.bmp": bitmap(16, 0, 0, counted(240)),
    "24.bmp": bitmap(24, 0, 0, counted(360)),
    "32.bmp": bitmap(32, 0, 0, counted(480)),
    "runs.bmp": bitmap(8, 1, 32, runs),
  };
}

/** Pictures by the names of their files. */
export async function pictures(): Promise<Readonly<Record<string, Uint8Array>>> {
  const made = await Promise.all(
    Object.entries(encoded).map(
      async ([name, of]) => [name, new Uint8Array(await of().toBuffer())] as const,
    ),
  );
  const frames = Buffer.concat([Buffer.from(drawn(3).data), Buffer.alloc(360, 9)]);
  const raw = { width: 12, height: 20, channels: 3, pageHeight: 10 } as const;
  const moving = await sharp(frames, { raw, animated: true })
    .gif({ delay: [50, 50] })
    .toBuffer();
  return { ...Object.fromEntries(made), ...bitmaps(), "moving.gif": new Uint8Array(moving) };
}

/** A picture as it is kept without a codec. */
export function rawPictures(): Readonly<Record<string, Uint8Array>> {
  return { "one.raw": encodeRaw([drawn(3)]), "grey.raw": encodeRaw([drawn(1), drawn(1)]) };
}
