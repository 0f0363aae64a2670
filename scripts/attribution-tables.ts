/** @file The tables of docs/attribution.md that are made from the code. */
import { methodEntries } from "../src/attribution/registry.ts";
import { takenBy } from "../src/attribution/require-takes.ts";
import { takenInputs, referenceUses, targetKinds } from "../src/attribution/takes.ts";
import { markdownTable } from "./markdown-table.ts";

function taken(): string {
  const [inputs, targets] = [Object.keys(takenInputs), Object.keys(targetKinds)];
  const rows = methodEntries().map(([name, method]) => {
    const own = takenBy(method);
    const cells = (all: readonly string[], some: readonly string[]) =>
      all.map((kind) => (some.includes(kind) ? "yes" : "-"));
    return [
      `\`${name}\``,
      ...cells(inputs, own.inputs),
      ...cells(targets, own.targets),
      own.reference,
    ];
  });
  return markdownTable(["method", ...inputs, ...targets, "reference"], rows);
}

function takenWords(): string {
  const rows = [
    ["input", takenInputs],
    ["target", targetKinds],
    ["reference", referenceUses],
  ].flatMap(([what, table]) =>
    Object.entries(table as Readonly<Record<string, string>>).map(([name, says]) => [
      what as string,
      name,
      says,
    ]),
  );
  return markdownTable(["", "kind", "what it is"], rows);
}

export const attributionTables = { taken, "taken-words": takenWords };
