/** @file The tables of docs/maximize.md that are made from the code. */
import { objectiveEntries } from "../src/optvis/objective-table.ts";
import { defaultText, valuesText } from "../src/wording/option.ts";
import { markdownTable } from "./markdown-table.ts";

function objectives(): string {
  const rows = [...objectiveEntries()].map(([name, { description, of, options, paper = "" }]) => [
    `\`${name}\``,
    description,
    of === "layer" ? "a whole layer" : `a ${of}`,
    Object.entries(options)
      .map(
        ([option, info]) =>
          `\`${option}\`: ${info.description}; ${valuesText(info)} (${defaultText(info)})`,
      )
      .join("<br>"),
    paper,
  ]);
  return markdownTable(["name", "what becomes large", "of", "options", "source"], rows);
}

export const maximizeTables = { objectives };
