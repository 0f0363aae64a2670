/** @file Options that are declared as data, on the command line. */
import { Option, type Command } from "commander";
import type { OptionInfo, OptionTable } from "../wording/option.ts";
import type { GivenTexts } from "../wording/read-option.ts";

/** Adds the options of a table to a command, with their choices and defaults. */
export function addOptions(command: Command, table: OptionTable): void {
  for (const [name, info] of Object.entries(table)) command.addOption(optionOf(name, info));
}

function optionOf(name: string, info: OptionInfo): Option {
  const { default: usual, description } = info;
  const depends = typeof usual === "object" ? ` (default: ${usual.depends})` : "";
  const value = info.kind === "flag" ? "" : ` <${info.value ?? "value"}>`;
  const option = new Option(`--${name}${value}`, `${description}${depends}`);
  if (info.kind === "choice") option.choices(info.choices);
  return typeof usual === "object" || usual === false ? option : option.default(String(usual));
}

/** What a command line gives for the options of a table, by the names of which it has them. */
export function givenTexts(
  table: Readonly<Record<string, unknown>>,
  parsed: Readonly<Record<string, unknown>>,
): GivenTexts {
  return Object.fromEntries(
    Object.keys(table).map((name) => {
      const value = parsed[name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
      return [name, typeof value === "string" || typeof value === "boolean" ? value : undefined];
    }),
  );
}
