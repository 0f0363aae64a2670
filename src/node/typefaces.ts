/** @file The typeface of sheets, read from the package that ships it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as OpenType from "opentype.js";
import type { Typeface, Typefaces } from "../image/sheet.ts";

const require = createRequire(import.meta.url);

function load(file: string): Typeface {
  // The package's ES module has no named exports under Node; its CommonJS form has.
  const opentype = require("opentype.js") as typeof OpenType;
  const path = require.resolve(`@fontsource/inter/files/${file}`);
  const bytes = readFileSync(path);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const font = opentype.parse(buffer);
  return {
    path: (text, x, y, sizePx) => font.getPath(text, x, y, sizePx).toPathData(2),
    width: (text, sizePx) => font.getAdvanceWidth(text, sizePx),
  };
}

/** Inter in two weights (SIL Open Font License). */
export function loadTypefaces(): Typefaces {
  return {
    regular: load("inter-latin-400-normal.woff"),
    bold: load("inter-latin-600-normal.woff"),
  };
}
