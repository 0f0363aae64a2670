/** @file Names in letters that are written from right to left, within text that is written from left to right. */

/** The blocks that Unicode keeps for letters that are written from right to left. */
const letter =
  "[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}]";

/** What stands between two words of a name, and between two names does not by itself. */
const joint = "[ \\u00a0_'’&\\u05be\\u2010\\u2011-]";

const run = new RegExp(`(${letter}+(?:${joint}${letter}+)*)`, "u");

/** A piece of a text, and whether it is turned within itself alone. */
export interface TextPiece {
  readonly text: string;
  readonly isIsolated: boolean;
}

/**
 * The text in pieces, of which every second is written from right to left: drawn each by itself, none moves the numbers,
 * signs and names that stand beside it. One piece where nothing is written so.
 */
export function textPieces(text: string): readonly TextPiece[] {
  const pieces = text.split(run).map((each, i) => ({ text: each, isIsolated: i % 2 === 1 }));
  return pieces.length === 1 ? pieces : pieces.filter((each) => each.text !== "");
}

/** The same as one text, for places that hold no markup: two unseen letters of Unicode say where a piece begins and ends. */
export function isolatedText(text: string): string {
  return textPieces(text)
    .map((piece) => (piece.isIsolated ? `\u2068${piece.text}\u2069` : piece.text))
    .join("");
}
