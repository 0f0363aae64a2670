/** @file The files that an atlas made, to hold those of another run against them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** All files of a folder by name, as base64. */
export function filesOf(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name)).toString("base64")]),
  );
}

/** What a script of a site hands over: the last of what it gives. */
export function handed(folder: string, file: string): unknown {
  const text = readFileSync(join(folder, file), "utf8");
  const all = JSON.parse(
    `[${text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"))}]`,
  ) as unknown[];
  return all.at(-1);
}
