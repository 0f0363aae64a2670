/** @file HTML from templates that escape what they are given. */
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
    const escaped = escapedText(String(piece));
    return isKept ? escaped : withNumbersWhole(escaped);
  }
  return piece.map((each) => textOf(each)).join("\n");
}

/** Lines are not broken between a number and its "%". */
function withNumbersWhole(text: string): string {
  return text.replaceAll(/(\d) %/g, "$1\u00a0%");
}
