/** @file Text from outside within HTML and SVG. */
import { shownText } from "./shown-text.ts";

/** Text as it is shown, for between tags or in quotes. */
export function escapedText(text: string): string {
  return shownText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
