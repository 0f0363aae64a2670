/** @file Tables as text (CSV, TSV): cells by RFC 4180, with whatever separator, line ends and encoding a table program writes. */
import { LimpidError } from "../errors.ts";

/** A row of a table. */
export interface TableRow {
  /** As they stand, without the quotes around them. */
  readonly cells: readonly string[];
  /** Where it begins in the file, counted from 1. */
  readonly line: number;
}

/** A table of text. */
export interface TextTable {
  /** Without empty ones. */
  readonly rows: readonly TableRow[];
  /** Whether its bytes are no Unicode, so that letters beside A to Z are a guess: Windows-1252. */
  readonly isGuessed: boolean;
}

/**
 * The table of a file: UTF-8, or UTF-16 with its mark, else Windows-1252. Cells are separated by the letter that a first
 * line `sep=;` names; else by tabs, semicolons or commas, the first of these that every row has, or the one that most rows
 * have. Throws `bad-file` for quotes that do not end, and for text behind a quoted cell.
 */
export function readTextTable(bytes: Uint8Array, name: string): TextTable {
  const { text, isGuessed } = decoded(bytes);
  const told = /^sep=(.)\r?\n?/.exec(text);
  if (told) {
    const rows = rowsOf(text.slice(told[0].length), told[1]!, name, 2);
    return { rows: rows.map(({ cells, line }) => ({ cells, line })), isGuessed };
  }
  const tables = separators.map((separator) => attempt(() => rowsOf(text, separator, name)));
  const widths = tables.map((rows) => (Array.isArray(rows) ? shareOfWide(rows) : -1));
  const most = widths.reduce((a, b) => Math.max(a, b));
  const failed = tables.find((rows) => !Array.isArray(rows));
  const chosen = (most <= 0 && failed) || tables[widths.indexOf(most)]!;
  if (!Array.isArray(chosen)) throw chosen;
  return { rows: chosen.map(({ cells, line }) => ({ cells, line })), isGuessed };
}

/** Commas stand in names, so they come last. */
const separators = ["\t", ";", ","] as const;

function attempt(read: () => ReadRow[]): ReadRow[] | LimpidError {
  try {
    return read();
  } catch (error) {
    if (error instanceof LimpidError) return error;
    throw error;
  }
}

/** The share of rows that have several cells, none of them with half of somebody else's quotes. */
function shareOfWide(rows: readonly ReadRow[]): number {
  if (rows.length === 0) return 0;
  return rows.filter(({ cells, isCut }) => cells.length > 1 && !isCut).length / rows.length;
}

function decoded(bytes: Uint8Array): { readonly text: string; readonly isGuessed: boolean } {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return unicode(bytes, "utf-16le");
  if (first === 0xfe && second === 0xff) return unicode(bytes, "utf-16be");
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), isGuessed: false };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), isGuessed: true };
  }
}

function unicode(bytes: Uint8Array, encoding: string) {
  return { text: new TextDecoder(encoding).decode(bytes), isGuessed: false };
}

interface ReadRow extends TableRow {
  /** Whether a cell without quotes around it has some within. */
  readonly isCut: boolean;
}

/** Rows of cells, empty rows left out; the text begins in line `first` of its file. */
function rowsOf(text: string, separator: string, name: string, first = 1): ReadRow[] {
  const rows: ReadRow[] = [];
  let cells: string[] = [];
  let isCut = false;
  let [at, line, start] = [0, first, first];
  while (at < text.length) {
    const cell =
      text[at] === '"' ? quotedCell(text, at, name, line) : plainCell(text, at, separator);
    cells.push(cell.value);
    isCut ||= text[at] !== '"' && cell.value.includes('"');
    line += cell.lines;
    at = cell.end;
    if (text[at] === separator) {
      at += 1;
      // A separator at the end of the text has an empty cell behind it.
      if (at < text.length) continue;
      cells.push("");
    }
    const ending = /^(?:\r\n|\r|\n)?/.exec(text.slice(at, at + 2))![0];
    if (ending === "" && at < text.length) throw behindQuotes(name, line);
    at += ending.length;
    if (cells.some((each) => each.trim() !== "")) rows.push({ cells, line: start, isCut });
    [cells, isCut] = [[], false];
    line += 1;
    start = line;
  }
  return rows;
}

interface Cell {
  readonly value: string;
  readonly end: number;
  /** How many lines end in it. */
  readonly lines: number;
}

function plainCell(text: string, from: number, separator: string): Cell {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") {
    end += 1;
  }
  return { value: text.slice(from, end), end, lines: 0 };
}

function quotedCell(text: string, from: number, name: string, line: number): Cell {
  let value = "";
  for (let at = from + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      throw new LimpidError(
        "bad-file",
        `table: quotes of "${name}" must end, got one in line ${line} that does not. write two for a quote within a cell.`,
      );
    }
    value += text.slice(at, quote);
    at = quote + 1;
    if (text[at] !== '"') {
      return { value, end: at, lines: value.match(/\r\n|\r|\n/g)?.length ?? 0 };
    }
    value += '"';
    at += 1;
  }
}

function behindQuotes(name: string, line: number): LimpidError {
  return new LimpidError(
    "bad-file",
    `table: behind a quoted cell of "${name}" there must be a separator or the line's end, got text in line ${line}. write two for a quote within a cell.`,
  );
}
