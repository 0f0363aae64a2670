/** @file Text from outside within HTML and SVG. */
import { shownText } from "./shown-text.ts";

/** Text as it is shown, for between tags or in quotes. */
export function escapedText(text: string): string {
  return escapedAsIs(shownText(text));
}

/** Text that is as it is to be shown already. */
export function escapedAsIs(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
