/** @file Picture files in Node: what people have, decoded to plain RGB; and PNG, JPEG and WebP out. */
import sharp, { type ColourspaceEnum, type Sharp } from "sharp";
import { plainBytes } from "../bytes.ts";
import { LimpidError } from "../errors.ts";
import { bmpSize, decodeBmp } from "../image/bmp.ts";
import {
  assumedPicture,
  darkNote,
  pictureOfNumbers,
  type FileNumbers,
  type PixelRange,
} from "../image/file-numbers.ts";
import { withFileNotes } from "../image/file-notes.ts";
import { toRgb, type DecodedPicture, type Picture } from "../image/picture.ts";
import { readBytes } from "../disk/files.ts";
import { laidOnWhite, withAlpha } from "../image/transparency.ts";
import { decodingError, requireFormat, requirePixels } from "../image/refusals.ts";

const readable = ["JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "AVIF"] as const;

/** The picture of a file, as `decodePicture` gives it. Throws `bad-file`. */
export async function readPicture(path: string, range?: PixelRange): Promise<DecodedPicture> {
  return decodePicture(await readBytes(path), path, range);
}

/**
 * The picture of a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file as 8-bit RGB: turned upright as EXIF says,
 * the first frame of an animation, transparency laid on white, embedded colour profiles brought to
 * sRGB, CMYK without one by its inks alone, 16 bits rounded to 8. `range` says which numbers of the file are black and white, of its own colours; without
 * it a note says what was assumed of floats, and of 16 bits that are hardly used; others how much is transparent, and how many frames are left out.
 * `name` is for messages. Throws `bad-file`, saying what the bytes look like.
 */
export async function decodePicture(
  bytes: Uint8Array,
  name: string,
  range?: PixelRange,
): Promise<DecodedPicture> {
  return withFileNotes(await firstFrame(bytes, name, range), bytes, name);
}

async function firstFrame(
  bytes: Uint8Array,
  name: string,
  range: PixelRange | undefined,
): Promise<DecodedPicture> {
  const format = requireFormat(bytes, name, readable);
  try {
    if (format === "BMP") return inRange(fromBmp(bytes, name), range);
    const { width, height, depth, space, hasProfile } = await sharp(bytes, reading).metadata();
    requirePixels(name, { widthPx: width, heightPx: height }, bytes.length);
    if (space === "cmyk" && depth === "uchar" && !hasProfile) {
      return inRange(await fromInks(bytes), range);
    }
    if (depth === "uchar") return inRange(await inColours(bytes), range);
    const numbers = await numbersOf(bytes, name, depth, space);
    // Colours of other spaces than red, green and blue have no black and white of their own.
    if (!numbers) return await inColours(bytes);
    if (range) return pictureOfNumbers(numbers, range);
    if (numbers.kind !== "16 bits") return assumedPicture(name, numbers);
    const note = darkNote(name, numbers);
    return { ...(await inColours(bytes)), ...(note ? { note } : {}) };
  } catch (cause) {
    throw decodingError(bytes, name, cause);
  }
}

const reading = { failOn: "error", limitInputPixels: false } as const;

function fromBmp(bytes: Uint8Array, name: string): DecodedPicture {
  requirePixels(name, bmpSize(bytes), bytes.length);
  return decodeBmp(bytes);
}

function inRange(decoded: DecodedPicture, range: PixelRange | undefined): DecodedPicture {
  if (!range) return decoded;
  const { channels, data } = toRgb(decoded) as Picture & { readonly channels: 3 };
  const numbers = {
    ...decoded,
    channels,
    data: Float32Array.from(data),
    kind: "integers",
  } as const;
  return withAlpha(pictureOfNumbers(numbers, range), decoded.alpha);
}

/**
 * Of CMYK that says no profile, R = (1 - C) (1 - K) and so on, as browsers and Pillow have it; libvips would take the inks of
 * some printing press.
 */
async function fromInks(bytes: Uint8Array): Promise<DecodedPicture> {
  const { data, info } = await sharp(bytes, reading)
    .autoOrient()
    .pipelineColourspace("cmyk")
    .toColourspace("cmyk")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const pixels = info.width * info.height;
  const rgb = Uint8Array.from({ length: 3 * pixels }, (_, i) => {
    const at = 4 * Math.floor(i / 3);
    return Math.round(((255 - data[at + (i % 3)]!) * (255 - data[at + 3]!)) / 255);
  });
  return { widthPx: info.width, heightPx: info.height, channels: 3, data: rgb };
}

/** The picture as people see it. */
async function inColours(bytes: Uint8Array): Promise<DecodedPicture> {
  const { data, info } = await sharp(bytes, reading)
    .autoOrient()
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return laidOnWhite({
    widthPx: info.width,
    heightPx: info.height,
    channels: info.channels as 1 | 3 | 4,
    data: plainBytes(data),
  });
}

/** Spaces whose numbers libvips hands out as they are in the file. */
const plainSpaces: ReadonlySet<string> = new Set(["b-w", "grey16", "rgb16", "srgb", "scrgb"]);

/** The numbers of a file of more than 8 bits, upright; undefined for other spaces than grey and RGB. */
async function numbersOf(
  bytes: Uint8Array,
  name: string,
  depth: string,
  space: keyof ColourspaceEnum,
): Promise<FileNumbers | undefined> {
  if (!plainSpaces.has(space)) return undefined;
  if (space.endsWith("16") && depth !== "ushort") {
    throw new LimpidError(
      "bad-file",
      `read: "${name}" must hold 8 or 16 bits, 32-bit integers or 32-bit floats, got 16-bit numbers of kind ${depth}. save it as 32-bit floats.`,
    );
  }
  const { data, info } = await sharp(bytes, reading)
    .autoOrient()
    .toColourspace(space)
    .raw({ depth: "float" })
    .toBuffer({ resolveWithObject: true });
  const { buffer } = plainBytes(data).slice();
  return {
    widthPx: info.width,
    heightPx: info.height,
    channels: info.channels,
    data: new Float32Array(buffer),
    kind: depth === "ushort" ? "16 bits" : /float|double/.test(depth) ? "floats" : "integers",
  };
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
