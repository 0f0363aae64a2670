/** @file The tables of the README that are made, between comments that name them. */
import { methodEntries } from "../src/attribution/registry.ts";
import { formats } from "../src/formats/index.ts";
import { operatorsWith } from "../src/graph/operators.ts";
import { commands } from "../src/cli/run.ts";
import { markdownTable } from "./markdown-table.ts";
import { operatorFamilies } from "./operator-families.ts";

const articles = new Intl.ListFormat("en", { type: "disjunction" });

export const readmeTables: Readonly<Record<string, () => string>> = {
  commands: () =>
    markdownTable(
      ["command", "what it does"],
      Object.entries(commands).map(([name, { description }]) => [
        `\`limpid ${name}\``,
        description,
      ]),
    ),
  formats:
    () => `Every command opens ${articles.format(formats.map(({ name }) => name))}, as a file, a folder or a zip archive on disk, or
at an address (\`https://...\`). What lies in a folder beside its one model need not be taken out.`,
  methods: () =>
    markdownTable(
      ["method", "what it shows", "paper"],
      methodEntries().map(([name, { info }]) => [`\`${name}\``, info.description, info.paper]),
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
