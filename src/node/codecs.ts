/** @file Picture files in Node: what people have, decoded to plain RGB; and PNG, JPEG and WebP out. */
import sharp, { type Sharp } from "sharp";
import { plainBytes } from "../bytes.ts";
import { LimpidError } from "../errors.ts";
import { bmpSize, decodeBmp } from "../image/bmp.ts";
import { toRgb, type Picture } from "../image/picture.ts";
import { readBytes } from "./files.ts";
import { decodingError, requireFormat, requirePixels } from "../image/refusals.ts";

const readable = ["JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "AVIF"] as const;

/** The picture of a file, as `decodePicture` gives it. Throws `bad-file`. */
export async function readPicture(path: string): Promise<Picture> {
  return decodePicture(await readBytes(path), path);
}

/**
 * The picture of a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file as 8-bit RGB: turned upright as EXIF says,
 * the first frame of an animation, transparency laid on white, embedded colour profiles and CMYK brought to
 * sRGB, 16 bits rounded to 8. `name` is for messages. Throws `bad-file`, saying what the bytes look like.
 */
export async function decodePicture(bytes: Uint8Array, name: string): Promise<Picture> {
  const format = requireFormat(bytes, name, readable);
  try {
    return format === "BMP" ? fromBmp(bytes, name) : await fromSharp(bytes, name);
  } catch (cause) {
    throw decodingError(bytes, name, cause);
  }
}

function fromBmp(bytes: Uint8Array, name: string): Picture {
  const { widthPx, heightPx } = bmpSize(bytes);
  requirePixels(name, widthPx, heightPx);
  return decodeBmp(bytes);
}

async function fromSharp(bytes: Uint8Array, name: string): Promise<Picture> {
  const options = { failOn: "error", limitInputPixels: false } as const;
  const { width, height } = await sharp(bytes, options).metadata();
  requirePixels(name, width, height);
  const { data, info } = await sharp(bytes, options)
    .autoOrient()
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return toRgb({
    widthPx: info.width,
    heightPx: info.height,
    channels: info.channels as 1 | 3,
    data: plainBytes(data),
  });
}

function sharpOf(source: Picture): Sharp {
  const { widthPx: width, heightPx: height, channels } = source;
  const image = sharp(source.data, { raw: { width, height, channels }, limitInputPixels: false });
  return channels === 1 ? image.toColourspace("b-w") : image;
}

/** Zlib's level: sheets take half the time of its default 6 and an eighth more bytes. */
const pngLevel = 3;

/** The picture as a PNG file. */
export async function encodePng(source: Picture): Promise<Uint8Array> {
  return plainBytes(await sharpOf(source).png({ compressionLevel: pngLevel }).toBuffer());
}

/** The picture as a JPEG file, transparency laid on white; `quality` is 1..100. */
export async function encodeJpeg(source: Picture, quality = 90): Promise<Uint8Array> {
  return plainBytes(
    await sharpOf(source.channels === 4 ? toRgb(source) : source)
      .jpeg({ quality })
      .toBuffer(),
  );
}

export interface AnimationOptions {
  /** Time that each frame stays. */
  readonly frameMs: number;
  /** Times that the frames are shown; 0 (default) is without end. */
  readonly loops?: number;
  /** 1..100, 90 by default. */
  readonly quality?: number;
}

/** Pictures of one size as a WebP file: a still one, or an animation of several. Throws `shape-mismatch`. */
export async function encodeWebp(
  frames: readonly Picture[],
  options: AnimationOptions,
): Promise<Uint8Array> {
  const [first] = frames;
  if (!first || frames.some((frame) => !isAlike(frame, first))) {
    throw new LimpidError(
      "shape-mismatch",
      `webp: frames must be at least one and of one size, got ${frames.map((frame) => `${frame.widthPx} x ${frame.heightPx} x ${frame.channels}`).join(", ") || "none"}.`,
    );
  }
  const { widthPx: width, heightPx: pageHeight, channels } = first;
  const data = new Uint8Array(first.data.length * frames.length);
  for (const [i, frame] of frames.entries()) data.set(frame.data, i * first.data.length);
  const raw = { width, height: pageHeight * frames.length, channels, pageHeight };
  const { frameMs, loops = 0, quality = 90 } = options;
  const delay = frames.map(() => Math.round(frameMs));
  const image = sharp(data, { raw, limitInputPixels: false, animated: frames.length > 1 });
  return plainBytes(await image.webp({ quality, loop: loops, delay }).toBuffer());
}

function isAlike(a: Picture, b: Picture): boolean {
  return a.widthPx === b.widthPx && a.heightPx === b.heightPx && a.channels === b.channels;
}
