/** @file Lists separated by commas, of names that may hold commas themselves. */

/** Commas that a name holds at most. */
const mostCommas = 8;

/**
 * The entries of a list, trimmed. Entries that only together are a name, as `isName` knows it, stay together; the
 * longest one counts.
 */
export function entriesOf(
  text: string,
  isName: (entry: string) => boolean,
  separator: RegExp | string = ",",
): readonly string[] {
  const parts = text.split(separator);
  const entries: string[] = [];
  for (let start = 0; start < parts.length;) {
    const most = Math.min(parts.length, start + mostCommas + 1);
    let end = most;
    while (end > start + 1 && !isName(parts.slice(start, end).join(",").trim())) end--;
    entries.push(parts.slice(start, end).join(",").trim());
    start = end;
  }
  return entries;
}
