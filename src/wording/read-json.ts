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

/** How deep lists and objects lie in each other, as far as it matters. */
function levelsOf(text: string): number {
  let [level, deepest] = [0, 0];
  // Texts are passed over as a whole.
  for (const [sign] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{\]}]/gs)) {
    if (sign === "[" || sign === "{") level += 1;
    else if (sign === "]" || sign === "}") level -= 1;
    deepest = Math.max(deepest, level);
    if (deepest > most.levels) return deepest;
  }
  return deepest;
}

/** Letters of a value that a message shows. */
const mostShown = 120;

/** A value as a message shows it: JSON, its start where it is long. */
export function shownJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > mostShown ? `${text.slice(0, mostShown)}...` : text;
}
