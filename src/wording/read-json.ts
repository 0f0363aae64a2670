/** @file JSON from outside: bounded, and with what is wrong with it in words. */

/** The value of a text, or what it is instead of JSON. */
export type ReadJson = { readonly value: unknown } | { readonly fault: string };

/** No file that is read as JSON is longer, or deeper: what walks over it would run out of memory, or of its stack. */
const most = { letters: 2 ** 27, levels: 100 } as const;

/** Reads a text as JSON. */
export function readJson(text: string): ReadJson {
  if (text.length > most.letters) return { fault: `${text.length} letters of text` };
  if (levelsOf(text) > most.levels) return { fault: `lists in lists over ${most.levels} deep` };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { fault: "other text" };
  }
}

const [quote, backslash] = [0x22, 0x5c];

/** How deep lists and objects lie in each other, as far as it matters. Letter by letter, as texts may be very long. */
function levelsOf(text: string): number {
  let [level, deepest] = [0, 0];
  for (let at = 0; at < text.length && deepest <= most.levels; at++) {
    const letter = text.charCodeAt(at);
    // "[" and "{", "]" and "}" differ in this bit alone.
    const sign = letter | 0x20;
    if (letter === quote) at = textEnd(text, at);
    else if (sign === 0x7b) deepest = Math.max(deepest, (level += 1));
    else if (sign === 0x7d) level -= 1;
  }
  return deepest;
}

/** Where a text in quotes that begins at a place ends. */
function textEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter === quote) return at;
    if (letter === backslash) at += 1;
  }
  return text.length;
}

/** Letters of a value that a message shows. */
const mostShown = 120;

/** A value as a message shows it: JSON, its start where it is long. */
export function shownJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > mostShown ? `${text.slice(0, mostShown)}...` : text;
}
