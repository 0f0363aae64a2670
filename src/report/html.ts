/** @file HTML from templates that escape what they are given. */
import { textPieces, type TextPiece } from "../wording/isolated-text.ts";
import { escapedText } from "../wording/markup.ts";

/** A piece of HTML that is written as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Piece = Html | string | number | undefined | readonly (Html | undefined)[];

/** HTML with every string between its tags and in its attributes escaped and as it is shown; lists are joined, undefined is nothing. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const text = parts.map((part, i) => {
    const before = parts[i - 1];
    return before === undefined ? part : textOf(pieces[i - 1], isInAttribute(before)) + part;
  });
  return new Html(text.join(""));
}

/** Whether what comes next stands in quotes: an address or a name, which must stay as it is. */
function isInAttribute(before: string): boolean {
  return /="[^"]*$/.test(before);
}

function textOf(piece: Piece, isKept = false): string {
  if (piece === undefined) return "";
  if (piece instanceof Html) return piece.text;
  if (typeof piece === "string" || typeof piece === "number") {
    if (isKept) return escapedText(String(piece));
    return withNumbersWhole(textPieces(String(piece)).map(markedText).join(""));
  }
  return piece.map((each) => textOf(each)).join("\n");
}

/** What is written from right to left moves nothing that stands beside it. */
function markedText({ text, isIsolated }: TextPiece): string {
  return isIsolated ? `<bdi>${escapedText(text)}</bdi>` : escapedText(text);
}

/** Lines are not broken between a number and its "%". */
function withNumbersWhole(text: string): string {
  return text.replaceAll(/(\d) %/g, "$1\u00a0%");
}
