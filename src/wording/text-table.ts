/** @file Tables of text for people. */
import { shownText } from "./shown-text.ts";

/** Rows under a heading, the first `left` columns to the left and the others to the right. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: number,
): string {
  const all = [head, ...rows].map((row) => row.map(shownText));
  const widths = head.map((_, i) => all.reduce((most, row) => Math.max(most, row[i]!.length), 0));
  const lines = all.map((row) =>
    row
      .map((text, i) => (i < left ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}
