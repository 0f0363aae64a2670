/** @file The tables of the README that are made, between comments that name them. */
import { readFileSync } from "node:fs";
import { attributionMethods } from "../src/attribution/index.ts";
import type { AttributionMethod } from "../src/attribution/method.ts";
import { operatorsWith } from "../src/graph/operators.ts";
import { commands } from "../src/cli/run.ts";
import { markdownTable } from "./markdown-table.ts";
import { operatorFamilies } from "./operator-families.ts";

const tables: Readonly<Record<string, () => string>> = {
  commands: () =>
    markdownTable(
      ["command", "what it does"],
      Object.entries(commands).map(([name, { description }]) => [
        `\`limpid ${name}\``,
        description,
      ]),
    ),
  methods: () =>
    markdownTable(
      ["method", "what it shows", "paper"],
      Object.entries<AttributionMethod>(attributionMethods).map(([name, { info }]) => [
        `\`${name}\``,
        info.description,
        info.paper,
      ]),
    ),
  operators: () => {
    const families = operatorFamilies();
    const count = Object.values(families).reduce((sum, operators) => sum + operators.length, 0);
    const rows = Object.entries(families).map(([family, operators]) => [
      family,
      operators.join(", "),
    ]);
    return `Gradients pass through ${count} operators and end at ${operatorsWith("flat").size} that are constant almost everywhere:

${markdownTable(["family", "operators with a gradient rule"], rows)}`;
  },
};

/** The README with its tables made anew. Throws if it has no place for one of them. */
export function readmeWithTables(): string {
  let text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  for (const [name, table] of Object.entries(tables)) {
    const [begin, end] = [`<!-- ${name}: made by npm run docs -->`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`README.md: "${begin}" and "${end}" must be there.`);
    text = `${text.slice(0, from + begin.length)}\n\n${table()}\n\n${text.slice(to)}`;
  }
  return text;
}
