/** @file Whether the sides of boxes are pixels or shares, by where all predictions of a picture lie. */
import { largest, smallest } from "../../statistics.ts";
import { placeOf, type RowOf } from "./decode.ts";
import type { BoxNumbers, Detector } from "./detection.ts";
import type { SeenNumbers } from "./seen-numbers.ts";

/** Centres of shares lie within the picture or a little beyond it. */
const mostShare = 2;
/** So many centres are looked at; a few may lie anywhere. */
const usualShare = 0.75;
/** Predictions that lie nearer to each other than this tell nothing. */
const leastSpread = 0.05;
/** A picture whose sides are shorter has pixels that are as small as shares. */
const leastSidePx = 16;

/** The unit that speaks against the one that is assumed; "open" where numbers fit both, undefined where they fit it alone. */
export function seenUnit(
  { predictions, widthPx, heightPx }: Pick<Detector, "predictions" | "widthPx" | "heightPx">,
  boxes: BoxNumbers,
  rowOf: RowOf,
): SeenNumbers["unit"] {
  const row = rowOf(boxes.value);
  const all = Array.from({ length: predictions }, (_, p) =>
    [0, 1, 2, 3].map((k) => row[placeOf(boxes, p, k)]!),
  );
  // Rows of nothing but 0 fill lists up.
  const found = all.filter(
    (four) => four.every((side) => Number.isFinite(side)) && four.some((side) => side !== 0),
  );
  if (found.length === 0) return "open";
  const centres = found.map((four) => centreOf(four, boxes.form));
  const reaches = centres.map(([x, y]) => Math.max(Math.abs(x), Math.abs(y)));
  const areSmall = quantile(reaches, usualShare) <= mostShare;
  if (boxes.areShares) return areSmall ? undefined : "pixels";
  if (!areSmall) return undefined;
  if (Math.min(widthPx, heightPx) < leastSidePx) return "open";
  const [across, down] = [0, 1].map((axis) => spreadOf(centres.map((centre) => centre[axis]!)));
  const spread = Math.max(across!, down!);
  return spread < leastSpread ? "open" : "shares";
}

function centreOf(
  [a, b, c, d]: readonly number[],
  form: BoxNumbers["form"],
): readonly [number, number] {
  return form === "centre and size" ? [a!, b!] : [(a! + c!) / 2, (b! + d!) / 2];
}

/** The number that a share of some lies below. */
function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))]!;
}

function spreadOf(numbers: readonly number[]): number {
  return largest(numbers) - smallest(numbers);
}
