/** @file Pictures whose files hold more than 8 bits: which of their numbers are black and white, and the pixels of them. */
import { LimpidError } from "../errors.ts";
import { option, say, type Message } from "../wording/face.ts";
import { formatCount, formatNumber } from "../wording/numbers.ts";
import type { DecodedPicture } from "./picture.ts";
import { largest, smallest } from "../statistics.ts";
import { laidOnWhite } from "./transparency.ts";

/** [black, white]: numbers of a picture's file; black may be the larger one. */
export type PixelRange = readonly [number, number];

/** "0..4095". Throws `bad-option` for other texts. */
export function parsePixelRange(text: string): PixelRange {
  const parts = text.split("..").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [black = Number.NaN, white = Number.NaN] = parts.length === 2 ? parts : [];
  requireRange([black, white], text);
  return [black, white];
}

function requireRange(range: PixelRange, given: string): void {
  if (range.length === 2 && range.every(Number.isFinite) && range[0] !== range[1]) return;
  throw new LimpidError(
    "bad-option",
    `range: black and white must be two different numbers as in 0..4095, got "${given}".`,
  );
}

/** Interleaved numbers of a picture's file, row by row: [heightPx, widthPx, channels], channels as `Picture` has them and 2. */
export interface FileNumbers {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 2 and 4 are 1 and 3 with alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Float32Array;
  readonly kind: "16 bits" | "integers" | "floats";
}

/** The largest number of 16 bits, and the most bits that a camera uses of them without filling them. */
const largest16 = 2 ** 16 - 1;
const fewBits = [8, 10, 12, 14] as const;

/** What is to be told of a 16-bit picture that uses few of its bits, and so looks dark; undefined of others. */
export function darkNote(name: string, numbers: FileNumbers): Message | undefined {
  const { max } = extentOf(numbers);
  const bits = fewBits.find((count) => max < 2 ** count);
  if (max <= 0 || bits === undefined) return undefined;
  const range = option("range", `0..${2 ** bits - 1}`);
  return say`"${name}" has 16 bits but no number over ${formatCount(max)}, so it is read as dark; if it holds ${bits} bits, give ${range}`;
}

/**
 * The pixels of a file's numbers between black and white; what lies beyond is clipped, and transparency laid on white.
 * Throws `bad-option` unless black and white are two different numbers.
 */
export function pictureOfNumbers(numbers: FileNumbers, range: PixelRange): DecodedPicture {
  requireRange(range, range.join(".."));
  const [black, white] = range;
  const { widthPx, heightPx, channels, data } = numbers;
  const hasAlpha = channels % 2 === 0;
  const full = hasAlpha ? fullAlpha(numbers) : 1;
  const grey = channels < 3;
  const pixels = new Uint8Array(widthPx * heightPx * 4);
  for (let from = 0, to = 0; to < pixels.length; from += channels, to += 4) {
    for (let c = 0; c < 3; c++) {
      pixels[to + c] = byteOf((data[from + (grey ? 0 : c)]! - black) / (white - black));
    }
    pixels[to + 3] = hasAlpha ? byteOf(data[from + channels - 1]! / full) : 255;
  }
  return laidOnWhite({ widthPx, heightPx, channels: 4, data: pixels });
}

/** Numbers that are none become black. */
function byteOf(share: number): number {
  return Number.isNaN(share) ? 0 : Math.min(Math.max(Math.round(255 * share), 0), 255);
}

/** The number of what is not transparent at all. */
function fullAlpha({ kind, channels, data }: FileNumbers): number {
  if (kind === "16 bits") return largest16;
  let most = 1;
  for (let i = channels - 1; i < data.length; i += channels) most = Math.max(most, data[i]!);
  return most;
}

/** A picture of floats or of large integers, and what was assumed of its range. */
export function assumedPicture(name: string, numbers: FileNumbers): DecodedPicture {
  const { min, max, holes } = extentOf(numbers);
  const range = assumedRange(numbers.kind, min, max);
  const isBeyond = min < smallest(range) || max > largest(range);
  const text = `"${name}" holds ${numbers.kind} from ${formatNumber(min)} to ${formatNumber(max)}; took ${formatNumber(range[0])} for black and ${formatNumber(range[1])} for white`;
  const more = [
    ...(isBeyond ? [", what lies beyond is clipped"] : []),
    ...(holes > 0 ? [`, ${formatCount(holes)} that are no numbers are black`] : []),
  ].join("");
  const note = say`${text}${more} (${option("range", "BLACK..WHITE")} says otherwise)`;
  return { ...pictureOfNumbers(numbers, range), note };
}

/** 0..1, 0..255 or 0..65,535 where the numbers fit, else from the smallest to the largest. */
function assumedRange(kind: FileNumbers["kind"], min: number, max: number): PixelRange {
  const slack = kind === "floats" ? 0.1 : 0;
  const ends = kind === "floats" ? [1, 255, largest16] : [255, largest16];
  const end = ends.find(
    (white) => min >= (white === 1 ? -slack : 0) && max <= white + (white === 1 ? slack : 0),
  );
  if (end !== undefined) return [0, end];
  return min < max ? [min, max] : [min, min + 1];
}

/** Of the colours, alpha aside; how many of them are no finite numbers. */
function extentOf({ channels, data }: FileNumbers): {
  readonly min: number;
  readonly max: number;
  readonly holes: number;
} {
  const colours = channels % 2 === 0 ? channels - 1 : channels;
  let [min, max, holes] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const [i, value] of data.entries()) {
    if (i % channels >= colours) continue;
    if (!Number.isFinite(value)) {
      holes += 1;
      continue;
    }
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return holes === data.length ? { min: 0, max: 0, holes } : { min, max, holes };
}
