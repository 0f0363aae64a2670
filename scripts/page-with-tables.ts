/** @file Pages written by hand that hold tables that are made, between comments that name them. */
import { readFileSync } from "node:fs";

/** A page of the repository with its tables made anew. Throws if it has no place for one of them. */
export function pageWithTables(
  path: string,
  tables: Readonly<Record<string, () => string>>,
): string {
  let text = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
  for (const [name, table] of Object.entries(tables)) {
    const [begin, end] = [`<!-- ${name}: made by npm run docs -->`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${path}: "${begin}" and "${end}" must be there.`);
    text = `${text.slice(0, from + begin.length)}\n\n${table()}\n\n${text.slice(to)}`;
  }
  return text;
}
