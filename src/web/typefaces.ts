/** @file The letters of sheets in a browser, from font files that the page serves. */
import { typefaceOf, type Typeface, type Typefaces } from "../drawing/typeface.ts";
import { LimpidError } from "../errors.ts";

/**
 * Addresses of font files (WOFF, OpenType or TrueType), those that are asked first for a letter at the front. A
 * bundler gives those of `@fontsource/inter`, as `import latin from "@fontsource/inter/files/...woff?url"` in Vite.
 */
export type TypefaceAddresses = Readonly<Record<keyof Typefaces, readonly (string | URL)[]>>;

/** The typefaces of addresses. Throws `bad-option` without them, `bad-file` where one gives no font. */
export async function loadTypefaces(addresses: TypefaceAddresses | undefined): Promise<Typefaces> {
  if (!addresses) {
    throw new LimpidError(
      "bad-option",
      'web: sheets must have letters, got no "typefaces". give the addresses of font files.',
    );
  }
  const [regular, bold] = await Promise.all([load(addresses.regular), load(addresses.bold)]);
  return { regular, bold };
}

async function load(addresses: readonly (string | URL)[]): Promise<Typeface> {
  const files = await Promise.all(addresses.map(fetchFont));
  return typefaceOf(files.map((file) => () => file));
}

async function fetchFont(address: string | URL): Promise<ArrayBuffer> {
  const bad = (got: string, cause?: unknown) =>
    new LimpidError("bad-file", `web: "${address}" must be a font file, got ${got}.`, { cause });
  const response = await fetch(address).catch((cause: unknown) => {
    throw bad("no answer", cause);
  });
  if (!response.ok) throw bad(`status ${response.status}`);
  return response.arrayBuffer();
}
