/** @file The documents that are made from tables, so that they cannot fall behind them. */
import { methodEntries } from "../src/attribution/registry.ts";
import { rules } from "../src/autodiff/rules/index.ts";
import { operatorsWith } from "../src/graph/operators.ts";
import { architectureTables } from "./architecture-tables.ts";
import { defaultText, valuesText } from "../src/wording/option.ts";
import { attributionTables } from "./attribution-tables.ts";
import { commandsPage } from "./commands-page.ts";
import { detectionTables } from "./detection-tables.ts";
import { jsonPage } from "./json-page.ts";
import { markdownTable } from "./markdown-table.ts";
import { maximizeTables } from "./maximize-tables.ts";
import { operatorFamilies } from "./operator-families.ts";
import { pageWithTables } from "./page-with-tables.ts";
import { readmeTables } from "./readme-tables.ts";
import { ruleFormulas } from "./rule-formulas.ts";

function operatorsPage(): string {
  const formulas = ruleFormulas();
  const families = Object.entries(operatorFamilies()).map(([family, operators]) => {
    const rows = operators.map((operator) => [operator, formulas.get(operator) ?? ""]);
    return `### ${family}\n\n${markdownTable(["operator", "gradient"], rows)}`;
  });
  const ending = [...operatorsWith("flat")].sort();
  return `# Operators

Made from the rules and what stands above them by \`npm run docs\`. Every operator named here has an interpreter version
in float64 and rows that check it.

## Gradients pass (${Object.keys(rules).length})

y is what an operator gives, dy the gradient that comes back to it, and dx the one that it passes on to its input x. What
was broadcast is summed.

${families.join("\n\n")}

## Gradients end (${ending.length})

Constant almost everywhere, or without a floating output:

${ending.join(", ")}
`;
}

function methodsPage(): string {
  const methods = methodEntries();
  const rows = methods.map(([name, { info }]) => [
    `\`${name}\``,
    `${info.title}: ${info.description}`,
    `\`${info.formula}\``,
    info.paper,
  ]);
  const options = methods.flatMap(([name, { info }]) =>
    Object.entries(info.options).map(([option, what]) => [
      `\`${name}\``,
      `\`--${option}\``,
      what.description,
      valuesText(what),
      defaultText(what),
    ]),
  );
  const departures = methods.flatMap(([name, { info }]) =>
    info.departures === undefined ? [] : [[`\`${name}\``, info.departures]],
  );
  return `# Attribution methods

Made from the method table by \`npm run docs\`.

${markdownTable(["name", "what it shows", "formula", "paper"], rows)}

## Options

${markdownTable(["method", "option", "meaning", "values", "default"], options)}

## Where libraries depart from the papers

The paper's form is the default everywhere.

${markdownTable(["method", "departure"], departures)}
`;
}

/** Text of each generated document by its path in the repository. */
export const generatedDocs: Readonly<Record<string, () => string | Promise<string>>> = {
  "docs/operators.md": operatorsPage,
  "docs/methods.md": methodsPage,
  "docs/commands.md": commandsPage,
  "docs/json.md": jsonPage,
  "docs/architecture.md": () => pageWithTables("docs/architecture.md", architectureTables),
  "docs/attribution.md": () => pageWithTables("docs/attribution.md", attributionTables),
  "docs/detection.md": () => pageWithTables("docs/detection.md", detectionTables),
  "docs/maximize.md": () => pageWithTables("docs/maximize.md", maximizeTables),
  "README.md": () => pageWithTables("README.md", readmeTables),
};
