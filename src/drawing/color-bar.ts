/** @file Colour bars: what the colours of a figure stand for, in true numbers. */
import { shareOf, type ColorScale } from "../image/colormap.ts";
import type { Colour, Mark } from "./marks.ts";
import type { Typeface } from "./typeface.ts";
import { formatNumber } from "../wording/numbers.ts";
import { endText } from "../wording/scale-ends.ts";
import { roundNumbers } from "./ticks.ts";

/** A bar and what its numbers are. */
export interface ColorBar {
  readonly scale: ColorScale;
  /** For example "d logit / d pixel"; may be empty. */
  readonly unit: string;
}

/** Colours and sizes of a bar's parts. */
export interface BarStyle {
  readonly face: Typeface;
  readonly sizePx: number;
  readonly ink: Colour;
}

const barHeightPx = 8;
const tickPx = 3;
/** Between labels that stand side by side. */
const labelGapPx = 8;

/** Space that a bar takes, its labels included. */
export function barHeight(bar: ColorBar, style: BarStyle): number {
  return Math.ceil(barHeightPx + tickPx + 2 + style.sizePx * (bar.unit === "" ? 1.2 : 2.6));
}

/** The bar with its upper left corner at (x, y): both ends and round numbers between carry labels. */
export function barMarks(
  bar: ColorBar,
  x: number,
  y: number,
  widthPx: number,
  style: BarStyle,
): readonly Mark[] {
  const { face, sizePx, ink: colour } = style;
  const baseline = Math.round(y + barHeightPx + tickPx + 2 + sizePx);
  const text = (words: string, left: number, lower: number): Mark => {
    return { kind: "text", text: words, face, sizePx, colour, x: left, y: baseline + lower };
  };
  const labels = placeLabels(bar.scale, x, widthPx, style);
  const tick = {
    kind: "rectangle",
    y: y + barHeightPx,
    widthPx: 1,
    heightPx: tickPx,
    colour,
  } as const;
  return [
    { kind: "ramp", x, y, widthPx, heightPx: barHeightPx, map: bar.scale.map },
    ...labels.map(({ tickX }): Mark => ({ ...tick, x: tickX })),
    ...labels.filter((label) => label.text !== "").map((label) => text(label.text, label.left, 0)),
    text(bar.unit, x, Math.round(1.4 * sizePx)),
  ];
}

interface Label {
  readonly text: string;
  readonly left: number;
  readonly tickX: number;
}

function placeLabels(
  scale: ColorScale,
  x: number,
  widthPx: number,
  { face, sizePx }: BarStyle,
): readonly Label[] {
  const { min, max } = scale;
  const width = (text: string) => face.width(text, sizePx);
  if (!(max > min)) {
    const text = `${formatNumber(min)} everywhere`;
    const middle = x + shareOf(scale, min) * (widthPx - 1);
    return [{ text, left: Math.min(middle, x + widthPx - width(text)), tickX: middle }];
  }
  const [low, high] = endTexts(scale, widthPx, width);
  const first: Label = { text: low, left: x, tickX: x };
  const last: Label = { text: high, left: x + widthPx - width(high), tickX: x + widthPx - 1 };
  const inner: (Label & { readonly tick: number })[] = [];
  let free = x + width(low) + labelGapPx;
  for (const tick of roundNumbers(min, max)) {
    const text = formatNumber(tick);
    const middle = x + shareOf(scale, tick) * (widthPx - 1);
    const left = middle - width(text) / 2;
    if (left < free || left + width(text) + labelGapPx > last.left) continue;
    inner.push({ tick, text, left, tickX: middle });
    free = left + width(text) + labelGapPx;
  }
  // Where colours turn is marked also without room for its number.
  if (min < 0 && max > 0 && !inner.some(({ tick }) => tick === 0)) {
    const middle = x + shareOf(scale, 0) * (widthPx - 1);
    inner.push({ tick: 0, text: "", left: middle, tickX: middle });
  }
  return [first, ...inner.filter((label) => isEven(label.tick, inner, scale)), last];
}

/** On both sides of 0 the same numbers stand, where the scale has the same ends. */
function isEven(
  tick: number,
  labels: readonly { readonly tick: number }[],
  { min, max }: ColorScale,
): boolean {
  return min !== -max || labels.some((other) => other.tick === -tick);
}

/** Both ends, with as many digits of how far numbers go beyond them as fit side by side. */
function endTexts(
  { min, max, beyond }: ColorScale,
  widthPx: number,
  width: (text: string) => number,
): readonly [string, string] {
  for (const digits of [3, 2, 1]) {
    const low = endText(min, beyond?.[0], { digits });
    const high = endText(max, beyond?.[1], { digits });
    if (width(low) + width(high) + labelGapPx <= widthPx) return [low, high];
  }
  return [formatNumber(min), formatNumber(max)];
}
