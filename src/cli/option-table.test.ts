import { Command } from "commander";
import { expect, test } from "vitest";
import type { OptionTable } from "../wording/option.ts";
import { addOptions, givenTexts } from "./option-table.ts";

const table = {
  "weight-decay": {
    kind: "number",
    value: "share",
    range: { from: 0 },
    default: { depends: "what is usual" },
    description: "how strongly kernels are shrunk",
  },
  seed: { kind: "number", range: { from: 0 }, default: 0, description: "where it starts" },
  fit: { kind: "choice", choices: ["crop", "pad"], default: "crop", description: "how it fits" },
  strict: { kind: "flag", default: false, description: "stop at once" },
} as const satisfies OptionTable;

function parsed(...argv: readonly string[]) {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addOptions(command, table);
  command.parse(argv, { from: "user" });
  return { command, given: givenTexts(table, command.opts()) };
}

test("what is given is found by the table's names, and defaults where there are any", () => {
  expect(parsed("--weight-decay", "0.1", "--strict", "--fit", "pad").given).toEqual({
    "weight-decay": "0.1",
    seed: "0",
    fit: "pad",
    strict: true,
  });
  expect(parsed().given).toEqual({
    "weight-decay": undefined,
    seed: "0",
    fit: "crop",
    strict: undefined,
  });
  expect(() => parsed("--fit", "squeeze")).toThrow(/Allowed choices are crop, pad/);
});

test("help says what holds where nothing is given", () => {
  const help = parsed().command.helpInformation().replaceAll(/\s+/g, " ");
  expect(help).toContain(
    "--weight-decay <share> how strongly kernels are shrunk (default: what is usual)",
  );
  expect(help).toContain('--seed <value> where it starts (default: "0")');
  expect(help).toContain('--fit <value> how it fits (choices: "crop", "pad", default: "crop")');
  expect(help).toContain("--strict stop at once -h");
});
