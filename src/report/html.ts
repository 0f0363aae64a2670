/** @file HTML from templates that escape what they are given. */
import { shownText } from "../wording/shown-text.ts";

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
  return new Html(parts.map((part, i) => (i === 0 ? "" : textOf(pieces[i - 1])) + part).join(""));
}

function textOf(piece: Piece): string {
  if (piece === undefined) return "";
  if (piece instanceof Html) return piece.text;
  if (typeof piece === "string" || typeof piece === "number")
    return escapeHtml(shownText(String(piece)));
  return piece.map(textOf).join("\n");
}

/** Text for HTML, between tags or in quotes. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
