/** @file The numbers of TIFF files, and the differences that they may be stored as. */
import type { BadTiff } from "./directory.ts";

/** Numbers of a sample format and of so many bits. */
export interface TiffNumbers {
  readonly bytes: number;
  readonly isFloat: boolean;
  read(view: DataView, at: number, isLittle: boolean): number;
}

/** By sample format (1 whole, 2 whole with sign, 3 floats) and bits. */
const kinds: Readonly<Record<string, TiffNumbers>> = {
  "1/8": { bytes: 1, isFloat: false, read: (view, at) => view.getUint8(at) },
  "1/16": { bytes: 2, isFloat: false, read: (view, at, little) => view.getUint16(at, little) },
  "1/32": { bytes: 4, isFloat: false, read: (view, at, little) => view.getUint32(at, little) },
  "2/8": { bytes: 1, isFloat: false, read: (view, at) => view.getInt8(at) },
  "2/16": { bytes: 2, isFloat: false, read: (view, at, little) => view.getInt16(at, little) },
  "2/32": { bytes: 4, isFloat: false, read: (view, at, little) => view.getInt32(at, little) },
  "3/32": { bytes: 4, isFloat: true, read: (view, at, little) => view.getFloat32(at, little) },
  "3/64": { bytes: 8, isFloat: true, read: (view, at, little) => view.getFloat64(at, little) },
};

/** Throws `bad-file` for numbers of other kinds. */
export function numbersOf(format: number, bits: number, bad: BadTiff): TiffNumbers {
  const found = kinds[`${format === 4 ? 1 : format}/${bits}`];
  if (found) return found;
  throw bad(
    `must hold whole numbers of 8, 16 or 32 bits or floats of 32 or 64, got sample format ${format} of ${bits} bits. save it as 32-bit floats`,
  );
}

/**
 * A row that was stored as differences made numbers again, in place: predictor 2 (TIFF 6.0, section 14) takes the
 * number before of the same band; predictor 3 (TIFF Technical Note 3) that of bytes, the highest bytes of all numbers first.
 */
export function undoPredictor(
  row: Uint8Array,
  {
    predictor,
    bands,
    kind,
    isLittle,
  }: {
    readonly predictor: number;
    /** Numbers of a place that lie side by side. */
    readonly bands: number;
    readonly kind: TiffNumbers;
    readonly isLittle: boolean;
  },
): void {
  if (predictor === 2) addNumbers(row, bands, kind.bytes, isLittle);
  else if (predictor === 3) addBytes(row, bands, kind.bytes, isLittle);
}

function addNumbers(row: Uint8Array, bands: number, bytes: number, isLittle: boolean): void {
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const step = bands * bytes;
  for (let at = step; at + bytes <= row.length; at += bytes) {
    if (bytes === 1) row[at] = row[at]! + row[at - step]!;
    else if (bytes === 2) {
      view.setUint16(
        at,
        view.getUint16(at, isLittle) + view.getUint16(at - step, isLittle),
        isLittle,
      );
    } else if (bytes === 4) {
      view.setUint32(
        at,
        view.getUint32(at, isLittle) + view.getUint32(at - step, isLittle),
        isLittle,
      );
    } else {
      const sum = view.getBigUint64(at, isLittle) + view.getBigUint64(at - step, isLittle);
      view.setBigUint64(at, BigInt.asUintN(64, sum), isLittle);
    }
  }
}

function addBytes(row: Uint8Array, bands: number, bytes: number, isLittle: boolean): void {
  for (let at = bands; at < row.length; at++) row[at] = row[at]! + row[at - bands]!;
  const planes = row.slice();
  const count = Math.floor(row.length / bytes);
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < bytes; byte++) {
      const to = isLittle ? bytes - 1 - byte : byte;
      row[i * bytes + to] = planes[byte * count + i]!;
    }
  }
}
