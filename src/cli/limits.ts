/** @file The limits of a command under guard: as options, and read from a command line before anything is loaded. */
import type { Command } from "commander";
import { limitOptions, readLimits, usualLimits, type Limits } from "../wording/limits.ts";
import { addOptions, givenTexts, valuesIn } from "./option-table.ts";

/** Adds the options; wrong ones are said before the work starts. */
export function addLimits(command: Command): void {
  addOptions(command, limitOptions);
  command.hook("preAction", () => void readLimits(givenTexts(limitOptions, command.opts())));
}

/** The limits that a command line gives; the usual ones where it is wrong, which the command itself says. */
export function limitsIn(argv: readonly string[]): Limits {
  const given = Object.keys(limitOptions).map((name) => [name, valuesIn(argv, `--${name}`).at(-1)]);
  try {
    return readLimits(Object.fromEntries(given));
  } catch {
    return usualLimits;
  }
}
