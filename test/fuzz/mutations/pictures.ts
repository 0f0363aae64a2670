/** @file Mutations of picture files by their parts: chunks, segments, entries of directories, headers. */
import { crc32 } from "node:zlib";
import { joined, rearranged, type Draw, type Mutation } from "./draw.ts";
import { mutateBytes } from "./bytes.ts";

/** One change of a picture of any format, which its first bytes tell. */
export const mutatePicture: Mutation = (bytes, draw) => {
  if (bytes.length < 8 || draw.chance(0.25)) return mutateBytes(bytes, draw);
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (start === "\x89PNG") return mutatePng(bytes, draw);
  if (start === "RIFF") return mutateRiff(bytes, draw);
  if (start.startsWith("\xff\xd8")) return mutateJpeg(bytes, draw);
  if (start.startsWith("BM")) return mutateFields(bytes, draw, 2, 54, true);
  if (start.startsWith("II") || start.startsWith("MM")) return mutateTiff(bytes, draw);
  if (start.startsWith("GIF8")) return mutateFields(bytes, draw, 6, 40, true);
  return mutateFields(bytes, draw, 4, Math.min(bytes.length, 400), false);
};

/** A number of 1, 2 or 4 bytes of a header. */
function mutateFields(
  bytes: Uint8Array,
  draw: Draw,
  from: number,
  end: number,
  isLittle: boolean,
): Uint8Array {
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  const size = draw.of([1, 2, 4] as const);
  const room = Math.min(end, bytes.length) - from - size;
  if (room < 0) return mutateBytes(bytes, draw);
  const at = from + draw.below(room + 1);
  if (size === 1) view.setUint8(at, draw.integer());
  else if (size === 2) view.setUint16(at, draw.integer(), isLittle);
  else view.setUint32(at, draw.integer(), isLittle);
  return result;
}

const pngStart = 8;

/** Chunks dropped, doubled, swapped and changed; their checksums are right more often than not. */
function mutatePng(bytes: Uint8Array, draw: Draw): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let chunks: Uint8Array[] = [];
  for (let at = pngStart; at + 12 <= bytes.length;) {
    const end = Math.min(at + 12 + view.getUint32(at), bytes.length);
    chunks.push(bytes.slice(at, end));
    at = end;
  }
  if (chunks.length === 0) return mutateBytes(bytes, draw);
  if (draw.chance(0.3)) chunks = rearranged(chunks, draw);
  else {
    const at = draw.below(chunks.length);
    chunks[at] = changedChunk(chunks[at]!, draw);
  }
  return joined(bytes.subarray(0, pngStart), ...chunks);
}

const chunkTypes = [
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "gAMA",
  "iCCP",
  "sRGB",
  "eXIf",
  "acTL",
  "fcTL",
  "zTXt",
  "cHRM",
  "bKGD",
] as const;

function changedChunk(chunk: Uint8Array, draw: Draw): Uint8Array {
  let content = chunk.subarray(8, Math.max(8, chunk.length - 4));
  let type = chunk.subarray(4, 8);
  if (draw.chance(0.2)) type = new TextEncoder().encode(draw.of(chunkTypes));
  else if (content.length > 0) {
    content = draw.chance(0.5)
      ? mutateFields(content, draw, 0, content.length, false)
      : mutateBytes(content, draw);
  }
  const body = joined(type, content);
  const result = joined(new Uint8Array(4), body, new Uint8Array(4));
  const view = new DataView(result.buffer);
  view.setUint32(0, draw.chance(0.95) ? content.length : draw.integer());
  view.setUint32(result.length - 4, draw.chance(0.95) ? crc32(body) : draw.integer());
  return result;
}

/** WebP's chunks. */
function mutateRiff(bytes: Uint8Array, draw: Draw): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let chunks: Uint8Array[] = [];
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const end = Math.min(at + 8 + size + (size % 2), bytes.length);
    chunks.push(bytes.slice(at, end));
    at = end;
  }
  if (chunks.length === 0 || draw.chance(0.2)) return mutateFields(bytes, draw, 4, 60, true);
  if (draw.chance(0.4)) chunks = rearranged(chunks, draw);
  else {
    const at = draw.below(chunks.length);
    const isHead = draw.chance(0.5);
    chunks[at] = isHead
      ? mutateFields(chunks[at]!, draw, 0, 24, true)
      : mutateBytes(chunks[at]!, draw);
  }
  const result = joined(bytes.subarray(0, 12), ...chunks);
  if (draw.chance(0.8)) new DataView(result.buffer).setUint32(4, result.length - 8, true);
  return result;
}

/** Segments up to the scan, and the scan's bytes as one piece. */
function mutateJpeg(bytes: Uint8Array, draw: Draw): Uint8Array {
  let segments: Uint8Array[] = [];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const end = Math.min(at + 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!), bytes.length);
    segments.push(bytes.slice(at, end));
    const isScan = bytes[at + 1] === 0xda;
    at = end;
    if (isScan) break;
  }
  if (segments.length === 0) return mutateBytes(bytes, draw);
  if (draw.chance(0.3)) segments = rearranged(segments, draw);
  else {
    const which = draw.below(segments.length);
    const segment = segments[which]!;
    segments[which] = draw.chance(0.7)
      ? mutateFields(segment, draw, 1, Math.min(segment.length, 24), false)
      : mutateBytes(segment, draw);
  }
  const scan = bytes.subarray(at);
  const isOther = scan.length > 0 && draw.chance(0.2);
  return joined(bytes.subarray(0, 2), ...segments, isOther ? mutateBytes(scan, draw) : scan);
}

/** An entry of the directory: its tag, type, count or value. */
function mutateTiff(bytes: Uint8Array, draw: Draw): Uint8Array {
  const result = bytes.slice();
  const isLittle = bytes[0] === 0x49;
  const view = new DataView(result.buffer);
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > bytes.length) return mutateFields(bytes, draw, 4, 8, isLittle);
  const entries = view.getUint16(directory, isLittle);
  const entry = directory + 2 + 12 * draw.below(Math.max(1, entries));
  if (entry + 12 > bytes.length) return mutateBytes(bytes, draw);
  const field = draw.below(6);
  if (field === 0) view.setUint16(entry, 254 + draw.below(100), isLittle);
  else if (field === 1) view.setUint16(entry + 2, draw.below(20), isLittle);
  else if (field === 2) view.setUint32(entry + 4, draw.integer(), isLittle);
  else view.setUint32(entry + 8, draw.integer(), isLittle);
  return result;
}
