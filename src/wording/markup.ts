/** @file Text from outside within HTML and SVG. */
import { isolatedText, textPieces } from "./isolated-text.ts";
import { shownText } from "./shown-text.ts";

/** Text as it is shown, for between tags or in quotes. */
export function escapedText(text: string): string {
  return escapedAsIs(shownText(text));
}

/** As `escapedText`, for places that hold no markup: names that are written from right to left are isolated by unseen letters. */
export function wholeText(text: string): string {
  return escapedAsIs(isolatedText(shownText(text)));
}

/** As `escapedText`, for a text of SVG: what is written from right to left moves nothing that stands beside it. */
export function drawnText(text: string): string {
  const pieces = textPieces(text).map((piece) => {
    const escaped = escapedText(piece.text);
    return piece.isIsolated ? `<tspan style="unicode-bidi:isolate">${escaped}</tspan>` : escaped;
  });
  return pieces.join("");
}

/** Text that is as it is to be shown already. */
export function escapedAsIs(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
