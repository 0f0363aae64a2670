/** @file Picture files in Node: what people have, decoded to plain RGB; and PNG out. */
import sharp, { type Sharp } from "sharp";
import { decode as decodeBmp } from "bmp-ts";
import { LimpidError } from "../errors.ts";
import type { Picture } from "../image/picture.ts";
import { readBytes } from "./files.ts";

/** Larger pictures are refused before they fill the memory. */
const largestPixels = 2 ** 28;

/** The picture of a JPEG, PNG, WebP, GIF (first frame), TIFF or BMP file: upright, on white, 8-bit RGB. */
export async function readPicture(path: string): Promise<Picture> {
  const bytes = await readBytes(path);
  return decodePicture(bytes, path);
}

/** The picture in bytes; `name` is for messages. Throws `bad-file`, saying what the bytes look like. */
export async function decodePicture(bytes: Uint8Array, name: string): Promise<Picture> {
  try {
    const image = isBmp(bytes) ? fromBmp(bytes) : sharp(bytes, { limitInputPixels: largestPixels });
    const { data, info } = await image
      .autoOrient()
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return toPicture(new Uint8Array(data), info.width, info.height, info.channels);
  } catch (cause) {
    throw new LimpidError(
      "bad-file",
      `read: "${name}" must be a JPEG, PNG, WebP, GIF, TIFF or BMP picture, got ${describe(bytes)}.`,
      { cause },
    );
  }
}

function toPicture(data: Uint8Array, widthPx: number, heightPx: number, channels: number): Picture {
  if (channels === 3) return { widthPx, heightPx, channels, data };
  const rgb = new Uint8Array(3 * widthPx * heightPx);
  for (let i = 0; i < widthPx * heightPx; i++) rgb.fill(data[i * channels]!, 3 * i, 3 * i + 3);
  return { widthPx, heightPx, channels: 3, data: rgb };
}

function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d;
}

function fromBmp(bytes: Uint8Array): Sharp {
  const { data, width, height } = decodeBmp(Buffer.from(bytes), { toRGBA: true });
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  return sharp(data, { raw: { width, height, channels: 4 } });
}

/** A short guess at what bytes are, for messages. */
export function describe(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  const start = bytes.subarray(0, 64);
  const isText = start.every(
    (byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127),
  );
  if (isText) {
    const text = String.fromCharCode(...start.subarray(0, 24)).replaceAll(/\s+/g, " ");
    return `text that starts with "${text.trim()}"`;
  }
  const known: readonly (readonly [string, readonly number[]])[] = [
    ["a broken or incomplete JPEG", [0xff, 0xd8]],
    ["a broken or incomplete PNG", [0x89, 0x50, 0x4e, 0x47]],
    ["a broken or incomplete GIF", [0x47, 0x49, 0x46]],
    ["a broken BMP", [0x42, 0x4d]],
    ["a zip archive", [0x50, 0x4b]],
    ["a gzip archive", [0x1f, 0x8b]],
    ["an HDF5 file", [0x89, 0x48, 0x44, 0x46]],
  ];
  const found = known.find(([, signature]) => signature.every((byte, i) => bytes[i] === byte));
  return found ? found[0] : `${bytes.length} bytes of another kind`;
}

/** The picture as a PNG file. */
export async function encodePng(source: Picture): Promise<Uint8Array> {
  const { widthPx: width, heightPx: height, channels } = source;
  const buffer = await sharp(source.data, { raw: { width, height, channels } }).png().toBuffer();
  return new Uint8Array(buffer);
}

/** The picture as the `data:` address of a PNG. */
export async function pngAddress(source: Picture): Promise<string> {
  return `data:image/png;base64,${Buffer.from(await encodePng(source)).toString("base64")}`;
}

/** An SVG document as a PNG file, `density` pixels to a unit. */
export async function rasterizeSvg(svg: string, density = 2): Promise<Uint8Array> {
  const buffer = await sharp(Buffer.from(svg), { density: 72 * density, unlimited: true })
    .flatten({ background: "#ffffff" })
    .png({ compressionLevel: 9 })
    .toBuffer();
  return new Uint8Array(buffer);
}
