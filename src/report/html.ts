/** @file HTML from templates that escape what they are given. */
import { textPieces, type TextPiece } from "../wording/isolated-text.ts";
import { escapedText, wholeText } from "../wording/markup.ts";
import { bareElements, spokenAttributes } from "../wording/spoken-markup.ts";

/** A piece of HTML that is written as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Piece = Html | string | number | undefined | readonly (Html | undefined)[];

/** What a place of a template holds. */
type Place = "text" | "attribute" | "spoken attribute" | "bare text";

/** HTML with every string between its tags and in its attributes escaped and as it is shown; lists are joined, undefined is nothing. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  let before = "";
  let text = "";
  parts.forEach((part, i) => {
    if (i > 0) text += textOf(pieces[i - 1], placeAfter(before));
    text += part;
    before += part;
  });
  return new Html(text);
}

const spoken: ReadonlySet<string> = new Set(spokenAttributes);
const bareElement = new RegExp(`<(${bareElements.join("|")})\\b[^>]*>[^<]*$`, "i");

function placeAfter(before: string): Place {
  const [, attribute] = /([\w-]+)="[^"]*$/.exec(before) ?? [];
  if (attribute !== undefined) return spoken.has(attribute) ? "spoken attribute" : "attribute";
  return bareElement.test(before) ? "bare text" : "text";
}

function textOf(piece: Piece, place: Place): string {
  if (piece === undefined) return "";
  if (piece instanceof Html) return piece.text;
  if (typeof piece === "string" || typeof piece === "number") return markup(String(piece), place);
  return piece.map((each) => textOf(each, place)).join("\n");
}

function markup(text: string, place: Place): string {
  // An address or a name must stay as it is.
  if (place === "attribute") return escapedText(text);
  if (place === "spoken attribute") return wholeText(text);
  // Elements that hold no markup would show it.
  if (place === "bare text") return withNumbersWhole(wholeText(text));
  return withNumbersWhole(textPieces(text).map(markedText).join(""));
}

/** What is written from right to left moves nothing that stands beside it. */
function markedText({ text, isIsolated }: TextPiece): string {
  return isIsolated ? `<bdi>${escapedText(text)}</bdi>` : escapedText(text);
}

/** Lines are not broken between a number and its "%". */
function withNumbersWhole(text: string): string {
  return text.replaceAll(/(\d) %/g, "$1\u00a0%");
}
