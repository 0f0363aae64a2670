/** @file The typeface of sheets, read from the package that ships it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { typefaceOf, type Typeface, type Typefaces } from "../drawing/typeface.ts";

/** Scripts in the order in which a letter is looked for; the first holds what sheets say by themselves. */
const scripts = ["latin", "latin-ext", "greek", "cyrillic", "vietnamese"] as const;

function load(weight: 400 | 600): Typeface {
  const { resolve } = createRequire(import.meta.url);
  return typefaceOf(
    scripts.map((script) => () => {
      const bytes = readFileSync(
        resolve(`@fontsource/inter/files/inter-${script}-${weight}-normal.woff`),
      );
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    }),
  );
}

let loaded: Typefaces | undefined;

/** Inter in two weights (SIL Open Font License); read once. */
export function loadTypefaces(): Typefaces {
  loaded ??= { regular: load(400), bold: load(600) };
  return loaded;
}
