/** @file The values of options: read from texts, checked, and their defaults where nothing is given. */
import { LimpidError } from "../errors.ts";
import {
  rangeText,
  type ChoiceOption,
  type ColorOption,
  type DependentDefault,
  type NumberOption,
  type NumberRange,
  type OptionInfo,
  type OptionTable,
  type OptionValue,
  type OptionValues,
} from "./option.ts";

/** What a command line or a form gives for options: texts, and true or false for flags. */
export type GivenTexts = Readonly<Record<string, string | boolean | undefined>>;

/** The value of a text. Throws `bad-option`, which names the option, for a text that is no such value. */
export function readOption<Info extends OptionInfo>(
  name: string,
  info: Info,
  text: string | boolean,
): OptionValue<Info> {
  const value = parsed(info, text);
  requireFit(name, info, value, `"${text}"`);
  return value as OptionValue<Info>;
}

/** The values of the options that are given. Throws `bad-option` for unknown names and as `readOption`. */
export function readOptions<Table extends OptionTable>(
  table: Table,
  given: GivenTexts,
): Partial<OptionValues<Table>> {
  const entries = Object.entries(given).flatMap(([name, text]) => {
    if (text === undefined) return [];
    return [[name, readOption(name, requireKnown(table, name), text)]];
  });
  return Object.fromEntries(entries) as Partial<OptionValues<Table>>;
}

/** Given values with the defaults of the others. Throws `bad-option` for a value that is out of an option's range. */
export function optionValues<Table extends OptionTable>(
  table: Table,
  given: { readonly [Name in keyof Table]?: unknown },
): OptionValues<Table> {
  const entries = Object.entries(table).map(([name, info]) => {
    const value = given[name];
    if (value === undefined) {
      return [name, isDependent(info.default) ? undefined : info.default];
    }
    requireFit(
      name,
      info,
      value,
      typeof value === "number" ? String(value) : JSON.stringify(value),
    );
    return [name, value];
  });
  return Object.fromEntries(entries) as OptionValues<Table>;
}

function requireKnown(table: OptionTable, name: string): OptionInfo {
  const info = Object.hasOwn(table, name) ? table[name] : undefined;
  if (info) return info;
  const known = Object.keys(table).join(", ") || "none";
  throw new LimpidError(
    "bad-option",
    `${name}: the option must be one of ${known}, got "${name}". leave it out.`,
  );
}

function parsed(info: OptionInfo, text: string | boolean): unknown {
  if (typeof text === "boolean") return text;
  if (info.kind === "flag") return text === "true" || (text === "false" ? false : text);
  if (info.kind === "number") return numberOf(text);
  if (info.kind !== "color" || info.choices.includes(text)) return text;
  const parts = text.split(",").map(numberOf);
  return parts.map((part) => (part >= 0 && part <= 1 ? part : Number.NaN));
}

function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

const namePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Throws `bad-option` unless a name is one that a command line can take: small letters, digits and hyphens. */
export function requireName(what: string, name: string): void {
  if (namePattern.test(name)) return;
  throw new LimpidError(
    "bad-option",
    `${what}: a name must be small letters and digits, in words joined by hyphens, got "${name}". choose another.`,
  );
}

/** Throws `bad-option` unless a table that a user made has options of known kinds, with defaults that they can hold. */
export function requireOptionTable(table: OptionTable): void {
  for (const [name, info] of Object.entries(table)) {
    requireName("option", name);
    if (!Object.hasOwn(requirements, info.kind) || typeof info.description !== "string") {
      throw new LimpidError(
        "bad-option",
        `${name}: an option must have a description and one of the kinds ${Object.keys(requirements).join(", ")}, got "${info.kind}". add what is missing.`,
      );
    }
    if (isDependent(info.default)) continue;
    requireFit(name, info, info.default, `the default ${JSON.stringify(info.default)}`);
  }
}

function isDependent(usual: OptionInfo["default"] | undefined): usual is DependentDefault {
  return typeof usual === "object" && typeof usual.depends === "string";
}

/** Throws `bad-option` for a value that the option cannot hold. */
function requireFit(name: string, info: OptionInfo, value: unknown, got: string): void {
  const wanted = requirements[info.kind](info as never, value);
  if (wanted === undefined) return;
  const advice = "choices" in info ? "choose one of these" : "choose one";
  throw new LimpidError("bad-option", `${name}: ${wanted}, got ${got}. ${advice}.`);
}

type Requirement<Info> = (info: Info, value: unknown) => string | undefined;

/** What must hold for each kind of option, or undefined if the value does. */
const requirements: {
  readonly [Kind in OptionInfo["kind"]]: Requirement<Extract<OptionInfo, { kind: Kind }>>;
} = {
  flag: (_, value) => (typeof value === "boolean" ? undefined : "it must be true or false"),
  list: (_, value) => (Array.isArray(value) ? undefined : "it must be texts"),
  text: (_, value) => (typeof value === "string" ? undefined : "it must be a text"),
  number: ({ range }: NumberOption, value) =>
    typeof value === "number" && isWithin(value, range)
      ? undefined
      : `it must be ${rangeText(range)}`,
  choice: ({ choices }: ChoiceOption, value) => {
    if (choices.some((name) => name === value)) return undefined;
    const names = choices.length === 2 ? choices.join(" or ") : `one of ${choices.join(", ")}`;
    return `the name must be ${names}`;
  },
  color: ({ choices }: ColorOption, value) =>
    choices.some((name) => name === value) || isColor(value)
      ? undefined
      : `it must be ${choices.join(", ")}, or numbers from 0 to 1`,
};

function isWithin(value: number, { from, over, to, under, whole = false }: NumberRange): boolean {
  return (
    Number.isFinite(value) &&
    (!whole || Number.isInteger(value)) &&
    value >= (from ?? Number.NEGATIVE_INFINITY) &&
    value > (over ?? Number.NEGATIVE_INFINITY) &&
    value <= (to ?? Number.POSITIVE_INFINITY) &&
    value < (under ?? Number.POSITIVE_INFINITY)
  );
}

/** Numbers, or those of a whole picture. */
function isColor(value: unknown): boolean {
  if (typeof value === "object" && value !== null && "picture" in value) {
    return value.picture instanceof Float32Array;
  }
  return Array.isArray(value) && value.length > 0 && value.every(Number.isFinite);
}
