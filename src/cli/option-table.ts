/** @file Options on the command line: those that are declared as data, and values before it is parsed. */
import { Option, type Command } from "commander";
import { collected } from "./lists.ts";
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
  if (info.kind === "list") option.argParser(collected).attributeName = () => info.as ?? name;
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

/** All values of an option, as one word or two, before the command line is parsed. */
export function valuesIn(argv: readonly string[], flag: string): readonly string[] {
  return argv.flatMap((word, at) => {
    if (word === flag) return argv.slice(at + 1, at + 2);
    return word.startsWith(`${flag}=`) ? [word.slice(flag.length + 1)] : [];
  });
}
