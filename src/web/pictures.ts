/** @file Picture files in a browser, which decodes and encodes them itself. */
import type { PictureFormat } from "../app/platform.ts";
import { LimpidError } from "../errors.ts";
import { withFileNotes } from "../image/file-notes.ts";
import type { PixelRange } from "../image/file-numbers.ts";
import { toRgb, type DecodedPicture, type Picture } from "../image/picture.ts";
import { decodingError, requireFormat, requirePixels } from "../image/refusals.ts";
import { alphaOf, withAlpha } from "../image/transparency.ts";
import { sizeInFile } from "../image/size-in-file.ts";
import { pictureFormatOf } from "../image/signature.ts";
import { option, say } from "../wording/face.ts";

const readable = ["JPEG", "PNG", "WebP", "GIF", "BMP", "AVIF"] as const;

/**
 * The picture of a file's bytes, 8-bit RGB: turned upright as EXIF says, the first frame of an animation, transparency
 * laid on white, brought to sRGB. `name` is for messages. Throws `bad-file`.
 */
export async function decodePicture(
  bytes: Uint8Array,
  name: string,
  range?: PixelRange,
): Promise<DecodedPicture> {
  requireFormat(bytes, name, readable);
  if (range) {
    throw new LimpidError(
      "bad-option",
      say`range: a browser must be left to choose black and white, since it hands out 8 bits, got ${range.join("..")}. leave ${option("range")} out, or give a .npy tensor.`,
    );
  }
  // A browser's decoder takes the memory of all pixels, and a tab can die of it.
  const told = sizeInFile(bytes);
  if (told) requirePixels(name, told, bytes.length);
  try {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
    try {
      requirePixels(name, { widthPx: bitmap.width, heightPx: bitmap.height }, bytes.length);
      const decoded = withDepthNote(onWhite(bitmap), bytes, name);
      return withFileNotes(decoded, bytes, name);
    } finally {
      bitmap.close();
    }
  } catch (cause) {
    throw decodingError(bytes, name, cause);
  }
}

/** Signature, header and its sides come before the depth of a PNG file. */
const depthAt = 24;

/** Of 16 bits a browser keeps the upper 8: a camera's 12 bits become 16 shades of almost black. */
function withDepthNote(decoded: DecodedPicture, bytes: Uint8Array, name: string): DecodedPicture {
  const isDeep = pictureFormatOf(bytes) === "PNG" && bytes[depthAt] === 16;
  if (!isDeep || decoded.data.some((value) => value >= 64)) return decoded;
  const note = say`"${name}" has 16 bits of which few are used, so it is read as dark`;
  return { ...decoded, note };
}

/** The canvas lays it on white itself: numbers of half-clear pixels that it hands out are rounded twice. */
function onWhite(bitmap: ImageBitmap): DecodedPicture {
  const { width, height } = bitmap;
  const context = contextOf(width, height);
  context.drawImage(bitmap, 0, 0);
  const alpha = alphaOf(pixelsOf(context));
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  return withAlpha(toRgb(pixelsOf(context)), alpha);
}

function pixelsOf(context: OffscreenCanvasRenderingContext2D): Picture {
  const { width, height } = context.canvas;
  const { data } = context.getImageData(0, 0, width, height);
  return {
    widthPx: width,
    heightPx: height,
    channels: 4,
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { colorSpace: "srgb", willReadFrequently: true });
  if (context) return context;
  throw tooLarge(width, height);
}

function tooLarge(width: number, height: number, cause?: unknown): LimpidError {
  return new LimpidError(
    "bad-option",
    `canvas: this browser must draw ${width} x ${height} pixels, got a refusal. make the picture smaller.`,
    { cause },
  );
}

const types = { png: "image/png", jpeg: "image/jpeg", webp: "image/webp" } as const;

/** Of WebP, 0..1; as Node's. */
const webpQuality = 0.9;

/**
 * A picture file of one picture. Throws `bad-option` for an animation, which browsers do not write, for a size that
 * this one cannot draw, and for a format that it lacks.
 */
export async function encodePicture(
  frames: readonly Picture[],
  format: PictureFormat,
): Promise<Uint8Array> {
  const [source, ...others] = frames;
  if (!source || others.length > 0) {
    throw new LimpidError(
      "bad-option",
      `${format.kind}: a browser must be given one picture, got ${source ? `an animation of ${frames.length}` : "none"}. write them one by one.`,
    );
  }
  const type = types[format.kind];
  const quality = format.kind === "jpeg" ? format.quality / 100 : webpQuality;
  const blob = await blobOf(format.kind === "jpeg" ? toRgb(source) : source, type, quality);
  if (blob.type === type) return new Uint8Array(await blob.arrayBuffer());
  throw new LimpidError(
    "bad-option",
    `${format.kind}: this browser must write ${type}, got ${blob.type}. choose png.`,
  );
}

async function blobOf(source: Picture, type: string, quality: number): Promise<Blob> {
  const { widthPx, heightPx } = source;
  const context = contextOf(widthPx, heightPx);
  context.putImageData(new ImageData(rgbaOf(source), widthPx, heightPx), 0, 0);
  try {
    return await context.canvas.convertToBlob({ type, quality });
  } catch (cause) {
    throw tooLarge(widthPx, heightPx, cause);
  }
}

function rgbaOf({ data, channels }: Picture): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((data.length / channels) * 4);
  for (let from = 0, to = 0; to < rgba.length; from += channels, to += 4) {
    for (let c = 0; c < 3; c++) rgba[to + c] = data[channels === 1 ? from : from + c]!;
    rgba[to + 3] = channels === 4 ? data[from + 3]! : 255;
  }
  return rgba;
}
