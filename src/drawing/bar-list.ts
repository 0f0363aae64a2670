/** @file Signed numbers with names as bars below each other: bands of a picture, single numbers that a network is fed. */
import { formatNumber } from "../wording/numbers.ts";
import { largest } from "../statistics.ts";
import type { Colour, Mark } from "./marks.ts";
import type { CellDrawing } from "./sheet.ts";
import { fitText } from "./typeface.ts";

/** A bar. */
export interface NamedNumber {
  readonly name: string;
  readonly value: number;
}

/** Ends of the scale that maps of both signs have. */
const positive: Colour = [178, 24, 43];
const negative: Colour = [33, 102, 172];
const ink: Colour = [27, 27, 31];
const faint: Colour = [102, 102, 110];
const axis: Colour = [160, 160, 166];

/** More are not read; the largest, signs aside, are shown in their order, and the others summed up. */
const mostBars = 16;
const usualRowPx = 22;
const leastRowPx = 12;

/** The numbers that get a bar, and the sum of the others. */
function shownBars(numbers: readonly NamedNumber[]): readonly NamedNumber[] {
  if (numbers.length <= mostBars) return numbers;
  const bySize = numbers.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const kept = new Set(bySize.slice(0, mostBars - 1));
  const others = numbers.filter((one) => !kept.has(one));
  const sum = others.reduce((total, { value }) => total + value, 0);
  return [
    ...numbers.filter((one) => kept.has(one)),
    { name: `${others.length} others`, value: sum },
  ];
}

/** Height that bars take at their usual size. */
export function barListHeight(count: number): number {
  return usualRowPx * Math.min(count, mostBars);
}

/** Bars from a common zero, negative ones to the left, each with its name before it and its number behind it. */
export function barList(numbers: readonly NamedNumber[]): CellDrawing {
  const bars = shownBars(numbers);
  return (box, { regular: face }) => {
    const rowPx = Math.min(Math.max(box.heightPx / bars.length, leastRowPx), usualRowPx);
    const sizePx = Math.min(11, 0.62 * rowPx);
    const texts = bars.map(({ value }) => formatNumber(value));
    const widest = (all: readonly string[]) => largest(all.map((text) => face.width(text, sizePx)));
    const namePx = Math.min(widest(bars.map(({ name }) => name)), 0.4 * box.widthPx);
    const room = box.widthPx - namePx - 8;
    const numberPx = widest(texts) + 6;
    const low = largest(bars.map(({ value }) => (value < 0 ? -value : 0)));
    const high = largest(bars.map(({ value }) => (value > 0 ? value : 0)));
    const left = low > 0 ? numberPx : 0;
    const right = high > 0 || low === 0 ? numberPx : 0;
    const unit = low + high > 0 ? Math.max(room - left - right, 1) / (low + high) : 0;
    const zero = box.x + namePx + 8 + left + low * unit;
    const rows = bars.flatMap(({ name, value }, i): readonly Mark[] => {
      const y = box.y + i * rowPx;
      const length = Number.isFinite(value) ? Math.abs(value) * unit : 0;
      const start = value < 0 ? zero - length : zero;
      const text = { kind: "text", face, sizePx, y: y + rowPx / 2 + 0.36 * sizePx } as const;
      const after = value < 0 ? start - face.width(texts[i]!, sizePx) - 4 : zero + length + 4;
      return [
        { ...text, text: fitText(face, name, sizePx, namePx + 1), x: box.x, colour: ink },
        {
          kind: "rectangle",
          x: start,
          y: y + 0.18 * rowPx,
          widthPx: Math.max(length, 0.5),
          heightPx: 0.64 * rowPx,
          colour: value < 0 ? negative : positive,
        },
        { ...text, text: texts[i]!, x: after, colour: faint },
      ];
    });
    const line = { x: zero - 0.25, y: box.y, widthPx: 0.5, heightPx: rowPx * bars.length };
    return [...rows, { kind: "rectangle", ...line, colour: axis }];
  };
}
