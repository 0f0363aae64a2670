/** @file A picture's size as its file tells it ahead of the pixels, so that it is known before they take memory. */
import type { Picture } from "./picture.ts";
import { pictureFormatOf, type PictureFormat } from "./signature.ts";

type Size = Pick<Picture, "widthPx" | "heightPx">;

type Reader = (view: DataView) => Size | undefined;

const readers: Readonly<Partial<Record<PictureFormat, Reader>>> = {
  PNG: (view) => ({ widthPx: view.getUint32(16), heightPx: view.getUint32(20) }),
  GIF: (view) => ({ widthPx: view.getUint16(6, true), heightPx: view.getUint16(8, true) }),
  BMP: sizeInBmp,
  JPEG: sizeInJpeg,
  WebP: sizeInWebP,
  AVIF: sizeInAvif,
};

/** As it is stored, before any turning; undefined for files that do not tell it where their format has it. */
export function sizeInFile(bytes: Uint8Array): Size | undefined {
  const format = pictureFormatOf(bytes);
  const reader = format && readers[format];
  if (!reader) return undefined;
  try {
    return reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    // Cut short: what decodes it says so.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Rows from the top are told by a negative height; the oldest header has 16 bits for each side. */
function sizeInBmp(view: DataView): Size {
  if (view.getUint32(14, true) === 12) {
    return { widthPx: view.getUint16(18, true), heightPx: view.getUint16(20, true) };
  }
  return {
    widthPx: Math.abs(view.getInt32(18, true)),
    heightPx: Math.abs(view.getInt32(22, true)),
  };
}

/** Segment after segment until a frame's header: C0 to CF but the tables C4, C8 and CC. */
function sizeInJpeg(view: DataView): Size | undefined {
  let at = 2;
  for (;;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isTable = marker === 0xc4 || marker === 0xc8 || marker === 0xcc;
    if (marker >= 0xc0 && marker <= 0xcf && !isTable) {
      return { widthPx: view.getUint16(at + 7), heightPx: view.getUint16(at + 5) };
    }
    if (marker === 0xd9 || marker === 0xda) return undefined;
    at += 2 + view.getUint16(at + 2);
  }
}

/** By the first chunk: lossy, lossless, or extended, which holds sides less 1. */
function sizeInWebP(view: DataView): Size | undefined {
  const kind = tag(view, 12);
  if (kind === "VP8 ") {
    return {
      widthPx: view.getUint16(26, true) & 0x3fff,
      heightPx: view.getUint16(28, true) & 0x3fff,
    };
  }
  if (kind === "VP8L") {
    const bits = view.getUint32(21, true);
    return { widthPx: (bits & 0x3fff) + 1, heightPx: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind !== "VP8X") return undefined;
  const side = (at: number) => (view.getUint16(at, true) | (view.getUint8(at + 2) << 16)) + 1;
  return { widthPx: side(24), heightPx: side(27) };
}

/** The largest of the sizes that the boxes of its items tell, as tiles and transparency have theirs too. */
function sizeInAvif(view: DataView): Size | undefined {
  let found: Size | undefined;
  const most = Math.min(view.byteLength, mostHeaderBytes) - 16;
  for (let at = 0; at < most; at++) {
    if (tag(view, at) !== "ispe") continue;
    const size = { widthPx: view.getUint32(at + 8), heightPx: view.getUint32(at + 12) };
    if (!found || size.widthPx * size.heightPx > found.widthPx * found.heightPx) found = size;
  }
  return found;
}

/** An AVIF file's properties come before its pixels. */
const mostHeaderBytes = 2 ** 16;

function tag(view: DataView, at: number): string {
  return Array.from({ length: 4 }, (_, i) => String.fromCodePoint(view.getUint8(at + i))).join("");
}
