/** @file Text from outside as it is shown: what would command a terminal, turn or hide letters is spelled out. */

/** Controls, marks that format without being seen, halves of letters, and breaks of lines and paragraphs. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Those that have a name of their own in most languages. */
const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * The text with every letter spelled out that does more than show itself: "\x1b", "\n", "\u202e", "\u{e0041}". Text
 * that was spelled out before stays as it is.
 */
export function shownText(text: string): string {
  return text.replaceAll(unseen, spelled);
}

/** As `shownText`, of text whose breaks of lines are meant. */
export function shownLines(text: string): string {
  return spelledBy(text, spelled);
}

/** As `shownLines`, with each of these letters spelled in a way of one's own. */
export function spelledBy(text: string, spell: (letter: string) => string): string {
  return text.replaceAll(unseen, (letter) => (letter === "\n" ? letter : spell(letter)));
}

/** As `shownText`, of text that may have several lines, as one. */
export function oneLine(text: string): string {
  return shownText(text.replaceAll(/\s*\n\s*/g, " "));
}

/** Lines of text, each of which stays one. */
export function textLines(lines: readonly string[]): string {
  return lines.map((line) => `${shownText(line)}\n`).join("");
}

/** A value as JSON in which no letter is left that does more than show itself; what it says is the same. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return text.replaceAll(unseen, (letter) => (letter === "\n" ? letter : escapes(letter)));
}

/** A letter by its number in Unicode, or by the name that most languages have for it. */
export function spelled(letter: string): string {
  const code = letter.codePointAt(0)!;
  const digits = code.toString(16);
  if (code > 0xffff) return `\\u{${digits}}`;
  return (
    named[letter] ??
    (code > 0xff ? `\\u${digits.padStart(4, "0")}` : `\\x${digits.padStart(2, "0")}`)
  );
}

/** One escape for each half: JSON has none for letters beyond 16 bits. */
function escapes(letter: string): string {
  return Array.from({ length: letter.length }, (_, i) => letter.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
}
