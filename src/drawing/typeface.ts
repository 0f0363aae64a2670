/** @file Text from font files that come along, so that sheets look alike on machines with other fonts, or none. */
import * as opentype from "opentype.js";
import { shownText, spelled } from "../wording/shown-text.ts";
import { coverageOf, type Coverage, type OutlineStep } from "./outline.ts";

/** A letter's pixels and where they lie. */
interface PlacedGlyph {
  readonly coverage: Coverage;
  /** Whole pixels from the text's start. */
  readonly x: number;
}

/** Turns text into pixels. */
export interface Typeface {
  /** Width of the text in pixels. */
  width(text: string, sizePx: number): number;
  /** The letters of text that starts at x = `startX` pixels, of which only the fraction counts. */
  glyphs(text: string, sizePx: number, startX: number): readonly PlacedGlyph[];
}

/** Regular text and the bolder one of titles. */
export interface Typefaces {
  readonly regular: Typeface;
  readonly bold: Typeface;
}

/** A letter of a font. */
interface Letter {
  readonly outline: readonly OutlineStep[];
  /** In ems. */
  readonly advance: number;
  readonly coverages: Map<string, Coverage>;
}

/** Parts of a pixel that letters are moved by; finer ones cannot be seen. */
const phases = 4;

/**
 * The typeface of font files (OpenType, TrueType or WOFF). A letter is taken from the first file that has it;
 * files are loaded when a letter needs them. A letter that none has is spelled as its number ("\u72d7"), by which two names
 * of such letters differ still. Letters stand at their own widths, from left to right: no kerning, no ligatures.
 */
export function typefaceOf(files: readonly (() => ArrayBuffer)[]): Typeface {
  const fonts: opentype.Font[] = [];
  const fontAt = (i: number) => (fonts[i] ??= opentype.parse(files[i]!()));
  const letters = new Map<string, readonly Letter[]>();
  const lettersOf = (character: string): readonly Letter[] => {
    const known = letters.get(character);
    if (known) return known;
    const found = files.findIndex((_, i) => fontAt(i).charToGlyphIndex(character) !== 0);
    const spelling = found === -1 ? spelled(character) : character;
    const made = Array.from(spelling, (each) => makeLetter(fontAt(Math.max(found, 0)), each));
    letters.set(character, made);
    return made;
  };
  /** Calls `visit` with each letter and its place in ems; returns where the text ends. */
  const walk = (text: string, visit: (letter: Letter, x: number) => void): number => {
    let x = 0;
    // Accents that follow their letter, as in names of files on Macs, have a letter together.
    for (const letter of Array.from(shownText(text).normalize("NFC")).flatMap(lettersOf)) {
      visit(letter, x);
      x += letter.advance;
    }
    return x;
  };
  return {
    width: (text, sizePx) => sizePx * walk(text, () => undefined),
    glyphs: (text, sizePx, startX) => {
      const placed: PlacedGlyph[] = [];
      walk(text, (letter, ems) => {
        const at = Math.round((startX - Math.floor(startX) + ems * sizePx) * phases);
        const coverage = rendered(letter, sizePx, at % phases);
        placed.push({ coverage, x: Math.floor(at / phases) });
      });
      return placed;
    },
  };
}

function makeLetter(font: opentype.Font, character: string): Letter {
  const glyph = font.charToGlyph(character);
  return {
    // An em of one pixel has y downwards already.
    outline: glyph.getPath(0, 0, 1).commands,
    advance: (glyph.advanceWidth ?? 0) / font.unitsPerEm,
    coverages: new Map(),
  };
}

function rendered(letter: Letter, sizePx: number, phase: number): Coverage {
  const key = `${sizePx}/${phase}`;
  const known = letter.coverages.get(key);
  if (known) return known;
  const coverage = coverageOf(letter.outline, sizePx, phase / phases);
  letter.coverages.set(key, coverage);
  return coverage;
}

/** The text if it is not wider than `widthPx`, else as much of its start as fits before an ellipsis. Numbers are not cut apart. */
export function fitText(face: Typeface, text: string, sizePx: number, widthPx: number): string {
  if (face.width(text, sizePx) <= widthPx) return text;
  const letters = Array.from(text);
  let [fits, tooLong] = [0, letters.length];
  const shortened = (count: number) => `${letters.slice(0, count).join("")}…`;
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (face.width(shortened(middle), sizePx) <= widthPx) fits = middle;
    else tooLong = middle;
  }
  const start = letters.slice(0, fits).join("");
  const isInNumber = /[\d.]$/.test(start) && /^[\d.]/.test(letters[fits] ?? "");
  const whole = isInNumber ? start.replace(/[−-]?[\d.]+$/, "") : start;
  return whole.trim() === "" ? "" : `${whole.trimEnd()}…`;
}

/**
 * The text in lines not wider than `widthPx`, broken between words, but not between a number and its "%"; a longer word
 * ends in an ellipsis.
 */
export function wrapText(
  face: Typeface,
  text: string,
  sizePx: number,
  widthPx: number,
): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+(?!%)/).filter((part) => part !== "")) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && face.width(longer, sizePx) <= widthPx) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(fitText(face, word, sizePx, widthPx));
    }
  }
  return lines;
}
