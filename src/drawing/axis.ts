/** @file Axes of plots: ticks with round numbers, and what they count. */
import { formatNumber } from "../wording/numbers.ts";
import type { Colour, Mark } from "./marks.ts";
import type { Box } from "./sheet.ts";
import { roundNumbers } from "./ticks.ts";
import type { Typeface } from "./typeface.ts";

/** What runs along an axis: its unit, and the numbers at its two ends. */
export interface AxisRange {
  /** "sample", "s", "Hz" ... */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Whether it counts things, which have no halves. */
  readonly isCounted?: boolean;
}

const colour: Colour = [102, 102, 110];
const lettersPx = 9.5;
const tickPx = 4;

/** The numbers of an axis, and where they lie from its start, 0, to its end, 1. */
function ticksOf({ from, to, isCounted = false }: AxisRange) {
  const numbers = from === to ? [from] : roundNumbers(Math.min(from, to), Math.max(from, to));
  return numbers
    .filter((number) => !isCounted || Number.isInteger(number))
    .map((number) => ({
      words: formatNumber(number, 6),
      share: from === to ? 0.5 : (number - from) / (to - from),
    }));
}

/** Ticks with numbers below a plot whose lower edge is that of the box, and what they count. */
export function axisMarks(
  axis: AxisRange,
  { x, y, widthPx }: Box,
  face: Typeface,
): readonly Mark[] {
  const text = (words: string, left: number, lower: number): Mark => {
    return { kind: "text", text: words, face, sizePx: lettersPx, colour, x: left, y: y + lower };
  };
  const ticks = ticksOf(axis).flatMap(({ words, share }): readonly Mark[] => {
    const at = x + share * widthPx;
    const width = face.width(words, lettersPx);
    const left = Math.min(Math.max(at - width / 2, x), x + widthPx - width);
    const tick = { x: Math.min(at, x + widthPx - 1), y: y + 2, widthPx: 1, heightPx: tickPx };
    return [{ kind: "rectangle", ...tick, colour }, text(words, left, tickPx + 4 + lettersPx)];
  });
  return [...ticks, text(axis.name, x, tickPx + 8 + 2 * lettersPx)];
}

/** The same on the left of a plot, from its top to its bottom, or upwards; the name stands above the numbers' column. */
export function sideAxisMarks(
  axis: AxisRange,
  isUp: boolean,
  { x, y, heightPx }: Box,
  face: Typeface,
): readonly Mark[] {
  const text = (words: string, baseline: number): Mark => {
    const left = x - tickPx - 4 - face.width(words, lettersPx);
    return { kind: "text", text: words, face, sizePx: lettersPx, colour, x: left, y: baseline };
  };
  const ticks = ticksOf(axis).flatMap(({ words, share }): readonly Mark[] => {
    const at = y + (isUp ? 1 - share : share) * heightPx;
    const baseline = Math.min(Math.max(at + 0.36 * lettersPx, y + 2.2 * lettersPx), y + heightPx);
    const tick = {
      x: x - tickPx - 2,
      y: Math.min(at, y + heightPx - 1),
      widthPx: tickPx,
      heightPx: 1,
    };
    return [{ kind: "rectangle", ...tick, colour }, text(words, baseline)];
  });
  return [...ticks, text(axis.name, y + 0.8 * lettersPx)];
}
