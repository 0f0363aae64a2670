/** @file Pictures of any number of bands in TIFF files, as their numbers are stored. */
import { LimpidError } from "../../errors.ts";
import { alternatives } from "../../wording/listed-names.ts";
import { requireNumbers, type FileArray } from "../arrays/file-array.ts";
import { readTiff, type BadTiff, type TiffFile, type TiffPage } from "./directory.ts";
import { numbersOf, undoPredictor, type TiffNumbers } from "./number-kind.ts";
import { otherPackings, packings, type Unpack } from "./unpack.ts";

/** Tags of a page. */
const tags = {
  subfile: 254,
  width: 256,
  height: 257,
  bits: 258,
  packing: 259,
  photometric: 262,
  stripOffsets: 273,
  bands: 277,
  rowsOfStrip: 278,
  stripBytes: 279,
  planar: 284,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  sampleFormat: 339,
  nodata: 42113,
} as const;

/** How the numbers of a page lie. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly kind: TiffNumbers;
  readonly isPlanar: boolean;
  readonly predictor: number;
  readonly unpack: Unpack;
  /** Strips are as wide as the picture, and the last one ends with it; tiles do not. */
  readonly isTiled: boolean;
  readonly piece: readonly [width: number, height: number];
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
  readonly nodata: number | undefined;
}

/** Packed bytes become no more than so many: deflate packs 1,032 to 1, LZW 2,700. */
const mostExpansion = 2750;

/**
 * The numbers of a file as [C, H, W], one a band; of several pages of one band and size as [D, H, W]. Strips and tiles, bands interleaved or apart, unpacked, LZW, Deflate and PackBits, whole numbers
 * of 8 to 32 bits and floats, BigTIFF and GDAL's nodata are read (TIFF 6.0). Reduced pages are passed over. Throws `bad-file` for
 * other files, cut ones, other packings and numbers, and palettes.
 */
export function decodeBands(file: Uint8Array, name: string): FileArray {
  const bad: BadTiff = (what) => new LimpidError("bad-file", `tiff: "${name}" ${what}.`);
  try {
    return arrayOf(readTiff(file, bad), name, bad);
  } catch (cause) {
    // Offsets of 64 bits may lie anywhere.
    if (cause instanceof RangeError)
      throw bad("must have its parts inside the file, got an offset beyond it");
    throw cause;
  }
}

function arrayOf(file: TiffFile, name: string, bad: BadTiff): FileArray {
  const whole = file.pages.filter((page) => ((page.numbers(tags.subfile)?.[0] ?? 0) & 5) === 0);
  const layouts = (whole.length > 0 ? whole : file.pages.slice(0, 1)).map((page) =>
    layoutOf(page, bad),
  );
  const [first, ...others] = layouts as [Layout, ...Layout[]];
  const { width, height, bands, nodata } = first;
  if (others.length > 0 && (bands > 1 || !others.every((other) => isAlike(other, first)))) {
    throw bad(
      `must have one page, or pages of one band and size that are slices, got ${layouts.length} pages. keep the one that is meant`,
    );
  }
  const dims = [others.length > 0 ? layouts.length : bands, height, width];
  const data = new Float32Array(requireBelievable(name, dims, layouts, bad));
  const size = first.bands * width * height;
  for (const [i, layout] of layouts.entries()) {
    fillPage(data.subarray(i * size, (i + 1) * size), layout, file, bad);
  }
  return {
    dims,
    data,
    axes: [others.length > 0 ? "D" : "C", "H", "W"],
    ...(nodata === undefined ? {} : { nodata }),
    notes: others.length > 0 ? [`its ${layouts.length} pages are the slices of a volume`] : [],
  };
}

function isAlike(a: Layout, b: Layout): boolean {
  return a.width === b.width && a.height === b.height && a.bands === b.bands;
}

/** Throws `bad-file` where a small file tells of more numbers than it can hold. */
function requireBelievable(
  name: string,
  dims: readonly number[],
  layouts: readonly Layout[],
  bad: BadTiff,
): number {
  const count = requireNumbers(name, dims);
  const packed = layouts.reduce(
    (sum, { lengths }) => sum + lengths.reduce((all, one) => all + one, 0),
    0,
  );
  const { bytes } = layouts[0]!.kind;
  if (count * bytes <= Math.max(mostExpansion * packed, 2 ** 24)) return count;
  throw bad(`must hold ${dims.join(" x ")} numbers, got ${packed} bytes of them`);
}

function layoutOf(page: TiffPage, bad: BadTiff): Layout {
  const one = (tag: number, usual: number) => page.numbers(tag)?.[0] ?? usual;
  const [width, height, bands] = [one(tags.width, 0), one(tags.height, 0), one(tags.bands, 1)];
  if (![width, height, bands].every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw bad(`must have a width, a height and bands, got ${width} x ${height} x ${bands}`);
  }
  const photometric = one(tags.photometric, 1);
  if (photometric > 2)
    throw bad(
      `must hold numbers of bands, got colours of another kind (photometric ${photometric}). save it as plain numbers`,
    );
  const kind = kindOf(page, bad);
  const isTiled = page.numbers(tags.tileOffsets) !== undefined;
  const piece: [number, number] = isTiled
    ? [one(tags.tileWidth, 0), one(tags.tileHeight, 0)]
    : [width, Math.min(one(tags.rowsOfStrip, height), height)];
  const offsets = page.numbers(isTiled ? tags.tileOffsets : tags.stripOffsets) ?? [];
  const lengths = page.numbers(isTiled ? tags.tileBytes : tags.stripBytes) ?? [];
  const isPlanar = one(tags.planar, 1) === 2 && bands > 1;
  const count = Math.ceil(width / piece[0]) * Math.ceil(height / piece[1]) * (isPlanar ? bands : 1);
  if (
    !piece.every((side) => side > 0 && side <= 2 ** 20) ||
    offsets.length !== count ||
    lengths.length !== count
  ) {
    throw bad(
      `must have ${count} pieces of ${piece.join(" x ")}, got ${offsets.length} offsets and ${lengths.length} lengths`,
    );
  }
  const predictor = one(tags.predictor, 1);
  if (![1, 2, 3].includes(predictor) || (predictor === 3 && !kind.isFloat))
    throw bad(`must have predictor 1, 2, or 3 for floats, got ${predictor}`);
  return {
    width,
    height,
    bands,
    kind,
    isPlanar,
    predictor,
    isTiled,
    piece,
    offsets,
    lengths,
    unpack: unpackOf(one(tags.packing, 1), bad),
    nodata: nodataOf(page),
  };
}

function kindOf(page: TiffPage, bad: BadTiff): TiffNumbers {
  const bits = page.numbers(tags.bits) ?? [1];
  const formats = page.numbers(tags.sampleFormat) ?? [1];
  if (new Set(bits).size > 1 || new Set(formats).size > 1) {
    throw bad(
      `must have bands of one kind of numbers, got ${bits.join(", ")} bits. save all as 32-bit floats`,
    );
  }
  return numbersOf(formats[0]!, bits[0]!, bad);
}

function unpackOf(packing: number, bad: BadTiff): Unpack {
  const found = packings.get(packing);
  if (found) return found;
  const got = otherPackings[packing] ?? `packing ${packing}`;
  throw bad(
    `must be packed by ${alternatives(["LZW", "Deflate", "PackBits", "nothing"])}, got ${got}. save it with another`,
  );
}

/** GDAL writes a text. */
function nodataOf(page: TiffPage): number | undefined {
  const text = page.text(tags.nodata)?.trim();
  if (text === undefined || text === "") return undefined;
  const value = /^-?nan$/i.test(text) ? Number.NaN : Number(text);
  return Number.isNaN(value) && !/nan/i.test(text) ? undefined : Math.fround(value);
}

/** Fills [bands, height, width] of a page. */
function fillPage(
  target: Float32Array,
  layout: Layout,
  { bytes, isLittle }: TiffFile,
  bad: BadTiff,
): void {
  const { width, height, bands, kind, isPlanar, piece, offsets, lengths } = layout;
  const [across, down] = [Math.ceil(width / piece[0]), Math.ceil(height / piece[1])];
  const together = isPlanar ? 1 : bands;
  for (const [i, offset] of offsets.entries()) {
    const at = i % (across * down);
    const [left, top] = [(at % across) * piece[0], Math.floor(at / across) * piece[1]];
    const rows = layout.isTiled ? piece[1] : Math.min(piece[1], height - top);
    const rowBytes = piece[0] * together * kind.bytes;
    const length = lengths[i]!;
    const firstBand = isPlanar ? Math.floor(i / (across * down)) : 0;
    const place = { left, top, firstBand, together, rowBytes };
    if (length === 0 && offset === 0) {
      fillHole(target, layout, place);
      continue;
    }
    if (!(offset + length <= bytes.length))
      throw bad(
        `must hold piece ${i} whole, got ${length} bytes at byte ${offset} of ${bytes.length}`,
      );
    const packed = bytes.subarray(offset, offset + length);
    const unpacked = layout.unpack(packed, rows * rowBytes);
    if (!unpacked)
      throw bad(
        `must hold ${rows * rowBytes} bytes in piece ${i}, got another length or broken packing`,
      );
    copyPiece(target, layout, place, { unpacked, isLittle });
  }
}

interface PiecePlace {
  readonly left: number;
  readonly top: number;
  readonly firstBand: number;
  /** Bands that lie side by side. */
  readonly together: number;
  readonly rowBytes: number;
}

function copyPiece(
  target: Float32Array,
  { width, height, kind, predictor, piece }: Layout,
  { left, top, firstBand, together, rowBytes }: PiecePlace,
  { unpacked, isLittle }: { readonly unpacked: Uint8Array; readonly isLittle: boolean },
): void {
  const right = Math.min(left + piece[0], width);
  for (let y = top; y < Math.min(top + piece[1], height); y++) {
    const start = (y - top) * rowBytes;
    const stored = unpacked.subarray(start, start + rowBytes);
    // What is not packed is the file's own bytes.
    const row = predictor === 1 ? stored : stored.slice();
    undoPredictor(row, { predictor, bands: together, kind, isLittle });
    const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
    for (let x = left; x < right; x++) {
      for (let band = 0; band < together; band++) {
        const at = ((x - left) * together + band) * kind.bytes;
        target[((firstBand + band) * height + y) * width + x] = kind.read(view, at, isLittle);
      }
    }
  }
}

/** GDAL leaves out pieces where nothing was measured. */
function fillHole(
  target: Float32Array,
  { width, height, piece, nodata = 0 }: Layout,
  { left, top, firstBand, together }: PiecePlace,
): void {
  const right = Math.min(left + piece[0], width);
  for (let band = firstBand; band < firstBand + together; band++) {
    for (let y = top; y < Math.min(top + piece[1], height); y++) {
      const line = (band * height + y) * width;
      target.fill(nodata, line + left, line + right);
    }
  }
}
