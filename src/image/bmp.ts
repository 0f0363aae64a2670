/**
 * @file Windows bitmaps, which libvips' prebuilt form cannot read: every depth, palettes, masks and run lengths. By hand, since
 * bmp-ts 1.0.9 lacks the header of OS/2, mistakes palettes and runs, and takes files that are cut short.
 */
import { LimpidError } from "../errors.ts";
import type { DecodedPicture, Picture } from "./picture.ts";
import { laidOnWhite } from "./transparency.ts";

/** What the headers say. */
interface Header {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the pixels start. */
  readonly start: number;
  readonly masks: readonly number[];
  /** RGB of each index, three bytes each; empty above 8 bits. */
  readonly palette: Uint8Array;
}

const compressions = { none: 0, runs8: 1, runs4: 2, masks: 3, alphaMasks: 6 } as const;

function bad(what: string): LimpidError {
  return new LimpidError("bad-file", `bmp: ${what}.`);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The size that a bitmap claims, before anything is unpacked. Throws `bad-file`. */
export function bmpSize(bytes: Uint8Array): {
  readonly widthPx: number;
  readonly heightPx: number;
} {
  if (bytes.length < 26) throw bad(`the header must be whole, got ${bytes.length} bytes`);
  const view = viewOf(bytes);
  const isOld = view.getUint32(14, true) === 12;
  const widthPx = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
  const heightPx = isOld ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  if (widthPx < 1 || heightPx < 1) {
    throw bad(`sides must be positive, got ${widthPx} x ${heightPx}`);
  }
  return { widthPx, heightPx };
}

function readHeader(bytes: Uint8Array): Header {
  const { widthPx, heightPx } = bmpSize(bytes);
  const view = viewOf(bytes);
  const headerSize = view.getUint32(14, true);
  const isOld = headerSize === 12;
  if ((!isOld && headerSize < 40) || 14 + headerSize > bytes.length) {
    throw bad(`the header must have 12 or at least 40 bytes, got ${headerSize}`);
  }
  const bits = view.getUint16(isOld ? 24 : 28, true);
  const compression = isOld ? compressions.none : view.getUint32(30, true);
  const masks = readMasks(view, headerSize, bits, compression);
  const entrySize = isOld ? 3 : 4;
  const start = view.getUint32(10, true);
  const paletteStart = 14 + headerSize + (headerSize === 40 ? 4 * trailingMasks(compression) : 0);
  const claimed = isOld || bits > 8 ? 0 : view.getUint32(46, true);
  const entries = bits > 8 ? 0 : Math.min(claimed || 2 ** bits, 2 ** bits);
  const palette = readPalette(bytes, paletteStart, entries, entrySize);
  const isTopDown = !isOld && view.getInt32(22, true) < 0;
  return { widthPx, heightPx, isTopDown, bits, compression, start, masks, palette };
}

function trailingMasks(compression: number): number {
  if (compression === compressions.masks) return 3;
  return compression === compressions.alphaMasks ? 4 : 0;
}

/** Bit masks of red, green, blue and alpha; empty for palettes and 24 bits. */
function readMasks(
  view: DataView,
  headerSize: number,
  bits: number,
  compression: number,
): number[] {
  if (compression === compressions.masks || compression === compressions.alphaMasks) {
    const count = headerSize >= 56 || compression === compressions.alphaMasks ? 4 : 3;
    if (54 + 4 * count > view.byteLength)
      throw bad("the colour masks must be whole, got fewer bytes");
    return Array.from({ length: count }, (_, i) => view.getUint32(54 + 4 * i, true));
  }
  if (bits === 16) return [0x7c00, 0x3e0, 0x1f];
  return bits === 32 ? [0xff0000, 0xff00, 0xff] : [];
}

function readPalette(bytes: Uint8Array, from: number, entries: number, size: number): Uint8Array {
  if (from + entries * size > bytes.length) {
    throw bad(`a palette of ${entries} colours must be whole, got a file of ${bytes.length} bytes`);
  }
  const palette = new Uint8Array(3 * entries);
  for (let i = 0; i < entries; i++) {
    for (let c = 0; c < 3; c++) palette[3 * i + c] = bytes[from + i * size + 2 - c]!;
  }
  return palette;
}

/**
 * The picture of a bitmap (versions 2 to 5), RGB, transparency laid on white. Throws `bad-file` for broken
 * and incomplete ones.
 */
export function decodeBmp(bytes: Uint8Array): DecodedPicture {
  if (bytes[0] !== 0x42 || bytes[1] !== 0x4d) throw bad('the file must start with "BM"');
  const header = readHeader(bytes);
  const { bits, compression } = header;
  const isRuns = compression === compressions.runs8 || compression === compressions.runs4;
  if (isRuns && bits === (compression === compressions.runs8 ? 8 : 4)) {
    return fromPalette(header, unpackRuns(bytes, header));
  }
  const isPlain = compression === compressions.none && [1, 4, 8, 16, 24, 32].includes(bits);
  const isMasked = trailingMasks(compression) > 0 && (bits === 16 || bits === 32);
  if (!isPlain && !isMasked) {
    throw bad(`${bits} bits with compression ${compression} must be a known pair, got another`);
  }
  const stride = 4 * Math.ceil((header.widthPx * bits) / 32);
  const needed = header.start + stride * header.heightPx;
  if (needed > bytes.length) throw bad(`the pixels need ${needed} bytes, got ${bytes.length}`);
  return bits <= 8
    ? fromPalette(header, unpackIndices(bytes, header, stride))
    : fromColours(bytes, header, stride);
}

/** Row of the file that holds a row of the picture. */
function rowOf(header: Header, y: number): number {
  return header.isTopDown ? y : header.heightPx - 1 - y;
}

function unpackIndices(bytes: Uint8Array, header: Header, stride: number): Uint8Array {
  const { widthPx, heightPx, bits, start } = header;
  const perByte = 8 / bits;
  const indices = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    const row = start + rowOf(header, y) * stride;
    for (let x = 0; x < widthPx; x++) {
      const shift = 8 - bits * ((x % perByte) + 1);
      indices[y * widthPx + x] = (bytes[row + Math.floor(x / perByte)]! >> shift) & (2 ** bits - 1);
    }
  }
  return indices;
}

/** Indices of a run-length coded bitmap; what the runs skip is index 0. */
function unpackRuns(bytes: Uint8Array, header: Header): Uint8Array {
  const { widthPx, heightPx, bits, start } = header;
  const indices = new Uint8Array(widthPx * heightPx);
  let x = 0;
  let y = 0;
  const put = (index: number) => {
    if (x < widthPx && y < heightPx) indices[rowOf(header, y) * widthPx + x] = index;
    x++;
  };
  const nibbleOf = (byte: number, i: number) => (i % 2 === 0 ? byte >> 4 : byte & 15);
  for (let at = start; ; at += 2) {
    const [count, value] = [bytes[at], bytes[at + 1]];
    if (count === undefined || value === undefined) {
      throw bad(
        `runs must end with an end mark, got the end of the file after ${bytes.length} bytes`,
      );
    }
    if (count > 0) {
      for (let i = 0; i < count; i++) put(bits === 8 ? value : nibbleOf(value, i));
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      [x, y] = [x + (bytes[at + 2] ?? 0), y + (bytes[at + 3] ?? 0)];
      at += 2;
    } else {
      for (let i = 0; i < value; i++) {
        const byte = bytes[at + 2 + (bits === 8 ? i : i >> 1)] ?? 0;
        put(bits === 8 ? byte : nibbleOf(byte, i));
      }
      at += 2 * Math.ceil((value * bits) / 16);
    }
  }
}

function fromPalette(header: Header, indices: Uint8Array): Picture {
  const { widthPx, heightPx, palette } = header;
  const data = new Uint8Array(3 * indices.length);
  for (let i = 0; i < indices.length; i++) {
    const at = 3 * indices[i]!;
    for (let c = 0; c < 3; c++) data[3 * i + c] = palette[at + c] ?? 0;
  }
  return { widthPx, heightPx, channels: 3, data };
}

function fromColours(bytes: Uint8Array, header: Header, stride: number): DecodedPicture {
  const { widthPx, heightPx, start } = header;
  const fields = header.masks.filter((mask, i) => i < 3 || mask !== 0).map(fieldOf);
  const channels = fields.length === 4 ? 4 : 3;
  const data = new Uint8Array(channels * widthPx * heightPx);
  const size = header.bits / 8;
  for (let y = 0; y < heightPx; y++) {
    const row = start + rowOf(header, y) * stride;
    for (let x = 0; x < widthPx; x++) {
      const from = row + x * size;
      const to = (y * widthPx + x) * channels;
      if (size === 3) {
        for (let c = 0; c < 3; c++) data[to + c] = bytes[from + 2 - c]!;
        continue;
      }
      let pixel = 0;
      for (let i = size - 1; i >= 0; i--) pixel = pixel * 256 + bytes[from + i]!;
      for (let c = 0; c < channels; c++) data[to + c] = readField(fields[c]!, pixel);
    }
  }
  return laidOnWhite({ widthPx, heightPx, channels, data });
}

/** A run of bits in a pixel. */
interface BitField {
  readonly shift: number;
  readonly largest: number;
}

function fieldOf(mask: number): BitField {
  if (mask === 0) return { shift: 0, largest: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  return { shift, largest: mask >>> shift };
}

/** The bits as 0..255. */
function readField({ shift, largest }: BitField, pixel: number): number {
  return largest === 0 ? 0 : Math.round((((pixel >>> shift) & largest) >>> 0) * (255 / largest));
}
