/** @file The ends of colour bars in words, where numbers may lie beyond them. */
import { formatNumber } from "./numbers.ts";

/** What is said of a bar whose ends leave the farthest numbers out. */
export const beyondNote =
  "The 0.5 % of the places that are farthest from 0 have the colours of the bar's ends; in brackets, how far they go.";

/** How the farthest number is said: its digits, three by default, and the word before it, in the reader's language. */
interface EndWords {
  readonly digits?: number;
  readonly upTo?: string;
}

/** An end of the scale; where numbers lie beyond it, how far they go: "2.57 (to 7.81)". */
export function endText(
  end: number,
  farthest: number | undefined,
  { digits = 3, upTo = "to" }: EndWords = {},
): string {
  const goesOn = farthest !== undefined && Math.abs(farthest) > Math.abs(end);
  return goesOn
    ? `${formatNumber(end)} (${upTo} ${formatNumber(farthest, digits)})`
    : formatNumber(end);
}
