/** @file Where the files lie that come with the package: networks trained by its own code, the typeface of pages, and the page of atlases. */
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folders: Readonly<Record<string, string>> = {
  networks: fileURLToPath(new URL("../../assets/networks/", import.meta.url)),
  atlas: fileURLToPath(new URL("../../dist/atlas-page/", import.meta.url)),
};
const { resolve } = createRequire(import.meta.url);

/** The path of "networks/NAME", "fonts/NAME" (also "fonts/LICENSE") or "atlas/NAME", the page of atlases; undefined where there is no such file. */
export async function shipped(name: string): Promise<string | undefined> {
  const [kind = "", file = ""] = name.split("/");
  const folder = folders[kind];
  const path = folder ? join(folder, file) : kind === "fonts" ? fontPath(file) : undefined;
  return path && statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined;
}

function fontPath(file: string): string | undefined {
  const place = file === "LICENSE" ? file : `files/${file}`;
  try {
    return resolve(`@fontsource/inter/${place}`);
  } catch {
    // The package has no such file.
    return undefined;
  }
}
