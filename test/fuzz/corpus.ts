/** @file The corpus: small files of every kind that is read, one folder a kind; `npm run fuzz:corpus` makes them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("corpus/", import.meta.url));

/** The files of a kind, in the order of their names; `ending` picks some. */
export function corpusOf(kind: string, ending = ""): readonly Uint8Array[] {
  const folder = join(root, kind);
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

/** Bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of bytes, as files are read. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
