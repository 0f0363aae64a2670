/** @file What can be chosen, described for help: a name, what it is, its paper, and its options. */
import { largest } from "../statistics.ts";
import { defaultText, type OptionTable } from "./option.ts";

/** One that can be chosen. */
export interface DescribedEntry {
  readonly name: string;
  /** Lines on what it is. */
  readonly about: readonly string[];
  readonly options: OptionTable;
}

/** Lines with the names in a column of their own; `dash` stands before the names of options. */
export function describedEntries(entries: readonly DescribedEntry[], dash = ""): string {
  const width = largest(entries.map(({ name }) => name.length));
  return entries
    .map(({ name, about, options }) => {
      const lines = [
        ...about,
        ...Object.entries(options).map(
          ([option, info]) => `${dash}${option}: ${info.description} (${defaultText(info)})`,
        ),
      ];
      return `  ${name.padEnd(width)} ${lines.join(`\n${" ".repeat(width + 3)}`)}`;
    })
    .join("\n");
}
