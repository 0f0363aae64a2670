/** @file Writes TIFF files of any number of bands, for tests. */
import { zlibSync } from "fflate";

/** How a file is written. */
export interface TiffForm {
  readonly dims: readonly [bands: number, height: number, width: number];
  /** [bands, height, width]. */
  readonly values: readonly number[];
  readonly type: "u8" | "u16" | "u32" | "i8" | "i16" | "i32" | "f32" | "f64";
  readonly isLittle: boolean;
  readonly isBig: boolean;
  readonly isPlanar: boolean;
  /** Width and height of tiles; undefined for strips. */
  readonly tile?: readonly [number, number];
  readonly rowsOfStrip: number;
  readonly packing: "none" | "deflate" | "packbits";
  readonly predictor: 1 | 2 | 3;
  readonly nodata?: string;
}

const formats = { u: 1, i: 2, f: 3 } as const;

const bytesOfType = {
  u8: 1,
  u16: 2,
  u32: 4,
  i8: 1,
  i16: 2,
  i32: 4,
  f32: 4,
  f64: 8,
} as const;

function put(view: DataView, at: number, type: TiffForm["type"], value: number, isLittle: boolean) {
  switch (type) {
    case "u8":
      return view.setUint8(at, value);
    case "i8":
      return view.setInt8(at, value);
    case "u16":
      return view.setUint16(at, value, isLittle);
    case "i16":
      return view.setInt16(at, value, isLittle);
    case "u32":
      return view.setUint32(at, value, isLittle);
    case "i32":
      return view.setInt32(at, value, isLittle);
    case "f32":
      return view.setFloat32(at, value, isLittle);
    case "f64":
      return view.setFloat64(at, value, isLittle);
  }
}

function predicted(row: Uint8Array, together: number, form: TiffForm): Uint8Array {
  const bytes = bytesOfType[form.type];
  if (form.predictor === 1) return row;
  if (form.predictor === 3) {
    const count = row.length / bytes;
    const planes = new Uint8Array(row.length);
    for (let i = 0; i < count; i++) {
      for (let byte = 0; byte < bytes; byte++) {
        planes[byte * count + i] = row[i * bytes + (form.isLittle ? bytes - 1 - byte : byte)]!;
      }
    }
    return planes.map((value, i) => value - (i < together ? 0 : planes[i - together]!));
  }
  const result = row.slice();
  const [from, to] = [new DataView(row.buffer), new DataView(result.buffer)];
  const step = together * bytes;
  for (let at = step; at < row.length; at += bytes) {
    if (bytes === 1) result[at] = row[at]! - row[at - step]!;
    else if (bytes === 2)
      to.setUint16(
        at,
        from.getUint16(at, form.isLittle) - from.getUint16(at - step, form.isLittle),
        form.isLittle,
      );
    else if (bytes === 4)
      to.setUint32(
        at,
        from.getUint32(at, form.isLittle) - from.getUint32(at - step, form.isLittle),
        form.isLittle,
      );
    else
      to.setBigUint64(
        at,
        BigInt.asUintN(
          64,
          from.getBigUint64(at, form.isLittle) - from.getBigUint64(at - step, form.isLittle),
        ),
        form.isLittle,
      );
  }
  return result;
}

function packBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at] && at + run < bytes.length) run += 1;
    if (run > 1) out.push((1 - run) & 255, bytes[at]!);
    else out.push(0, bytes[at]!);
    at += run;
  }
  return Uint8Array.from(out);
}

/** The file. */
export function tiffFile(form: TiffForm): Uint8Array {
  const { isLittle, isBig } = form;
  const pieces = piecesOf(form);
  const start = isBig ? 16 : 8;
  const offsets: number[] = [];
  let end = start;
  for (const one of pieces) {
    offsets.push(end);
    end += one.length;
  }
  const lengths = pieces.map((one) => one.length);
  const entries = entriesOf(form, offsets, lengths);
  return assembled(pieces, entries, { start, end, isLittle, isBig });
}

type Entry = readonly [tag: number, type: number, values: readonly number[]];

function entriesOf(
  form: TiffForm,
  offsets: readonly number[],
  lengths: readonly number[],
): readonly Entry[] {
  const { dims, tile, type, nodata } = form;
  const [bands, height, width] = dims;
  const all = (value: number) => Array.from({ length: bands }, () => value);
  const packing = { none: 1, deflate: 8, packbits: 32773 }[form.packing];
  const pieces: readonly Entry[] = tile
    ? [
        [322, 4, [tile[0]]],
        [323, 4, [tile[1]]],
        [324, 4, offsets],
        [325, 4, lengths],
      ]
    : [
        [273, 4, offsets],
        [278, 4, [form.rowsOfStrip]],
        [279, 4, lengths],
      ];
  const entries: readonly Entry[] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, all(8 * bytesOfType[type])],
    [259, 3, [packing]],
    [262, 3, [1]],
    [277, 3, [bands]],
    [284, 3, [form.isPlanar ? 2 : 1]],
    [317, 3, [form.predictor]],
    ...pieces,
    [339, 3, all(formats[type[0] as "u" | "i" | "f"])],
    ...(nodata === undefined
      ? []
      : [[42113, 2, [...new TextEncoder().encode(`${nodata}\0`)]] as const]),
  ];
  return entries.toSorted(([a], [b]) => a - b);
}

/** Strips or tiles, packed. */
function piecesOf(form: TiffForm): readonly Uint8Array[] {
  const { dims, isPlanar, tile, rowsOfStrip } = form;
  const [bands, height, width] = dims;
  const piece = tile ?? [width, Math.min(rowsOfStrip, height)];
  const together = isPlanar ? 1 : bands;
  const pieces: Uint8Array[] = [];
  for (let first = 0; first < bands; first += together) {
    for (let top = 0; top < height; top += piece[1]) {
      for (let left = 0; left < width; left += piece[0]) {
        const rows = tile ? piece[1] : Math.min(piece[1], height - top);
        const size = [piece[0], rows] as const;
        pieces.push(packed(pieceOf(form, { first, top, left, size, together }), form));
      }
    }
  }
  return pieces;
}

interface Place {
  readonly first: number;
  readonly top: number;
  readonly left: number;
  readonly size: readonly [width: number, rows: number];
  readonly together: number;
}

/** Beyond the picture its last pixels again. */
function pieceOf(form: TiffForm, { first, top, left, size, together }: Place): Uint8Array {
  const [, height, width] = form.dims;
  const bytes = bytesOfType[form.type];
  const rowBytes = size[0] * together * bytes;
  const whole = new Uint8Array(size[1] * rowBytes);
  for (let y = 0; y < size[1]; y++) {
    const row = new Uint8Array(rowBytes);
    const view = new DataView(row.buffer);
    for (let i = 0; i < size[0] * together; i++) {
      const band = first + (i % together);
      const column = Math.min(left + Math.floor(i / together), width - 1);
      const value = form.values[(band * height + Math.min(top + y, height - 1)) * width + column]!;
      put(view, i * bytes, form.type, value, form.isLittle);
    }
    whole.set(predicted(row, together, form), y * rowBytes);
  }
  return whole;
}

function packed(whole: Uint8Array, { packing }: TiffForm): Uint8Array {
  if (packing === "none") return whole;
  return packing === "deflate" ? zlibSync(whole) : packBits(whole);
}

function assembled(
  pieces: readonly Uint8Array[],
  entries: readonly (readonly [number, number, readonly number[]])[],
  {
    start,
    end,
    isLittle,
    isBig,
  }: { start: number; end: number; isLittle: boolean; isBig: boolean },
): Uint8Array {
  const sizes: Readonly<Record<number, number>> = { 2: 1, 3: 2, 4: 4 };
  const [countBytes, offsetBytes] = isBig ? [8, 8] : [2, 4];
  const directoryBytes = countBytes + entries.length * (4 + 2 * offsetBytes) + offsetBytes;
  const long = entries.reduce((sum, [, type, values]) => sum + sizes[type]! * values.length + 8, 0);
  const file = new Uint8Array(end + directoryBytes + long);
  const view = new DataView(file.buffer);
  const offset = (at: number, value: number) =>
    isBig ? view.setBigUint64(at, BigInt(value), isLittle) : view.setUint32(at, value, isLittle);
  file.set(isLittle ? [0x49, 0x49] : [0x4d, 0x4d]);
  view.setUint16(2, isBig ? 43 : 42, isLittle);
  if (isBig) view.setUint16(4, 8, isLittle);
  offset(isBig ? 8 : 4, end);
  let to = start;
  for (const one of pieces) {
    file.set(one, to);
    to += one.length;
  }
  if (isBig) view.setBigUint64(end, BigInt(entries.length), isLittle);
  else view.setUint16(end, entries.length, isLittle);
  let free = end + directoryBytes;
  for (const [i, [tag, type, values]] of entries.entries()) {
    const at = end + countBytes + i * (4 + 2 * offsetBytes);
    view.setUint16(at, tag, isLittle);
    view.setUint16(at + 2, type, isLittle);
    offset(at + 4, values.length);
    const size = sizes[type]! * values.length;
    let place = at + 4 + offsetBytes;
    if (size > offsetBytes) {
      offset(place, free);
      place = free;
      free += size;
    }
    for (const [j, value] of values.entries()) {
      const where = place + j * sizes[type]!;
      if (type === 2) view.setUint8(where, value);
      else if (type === 3) view.setUint16(where, value, isLittle);
      else view.setUint32(where, value, isLittle);
    }
  }
  return file.subarray(0, free);
}
