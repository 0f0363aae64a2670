/** @file How much memory and time the work on a stranger's network may take: options, their texts and their numbers. */
import { LimpidError } from "../errors.ts";
import type { OptionTable } from "./option.ts";
import type { GivenTexts } from "./read-option.ts";

/** What is refused before a run by estimate, and ended in it by measure. */
export interface Limits {
  /** Memory of the process in bytes. */
  readonly memoryBytes: number;
  /** Time of the whole work in seconds. */
  readonly timeSeconds: number;
  /** Whether somebody asked for another than the usual one: then all of it may be taken, whatever takes it. */
  readonly isMemoryAsked?: boolean;
  readonly isTimeAsked?: boolean;
}

/** THE options; their texts are what `readLimits` takes. */
export const limitOptions = {
  "memory-limit": {
    kind: "text",
    value: "size",
    description: "memory that the work may take, such as 800m or 16g; more is refused or ended",
    default: "16g",
  },
  "time-limit": {
    kind: "text",
    value: "time",
    description: "time that the work may take, such as 90s, 30m or 12h; more is refused or ended",
    default: "24h",
  },
} as const satisfies OptionTable;

const sizeUnits: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const timeUnits: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** What is given, and the defaults of the rest. Throws `bad-option` for a text that is no size or time. */
export function readLimits(given: GivenTexts = {}): Limits {
  const textOf = (name: keyof typeof limitOptions) => {
    const text = given[name];
    return typeof text === "string" ? text : limitOptions[name].default;
  };
  const isAsked = (name: keyof typeof limitOptions) => textOf(name) !== limitOptions[name].default;
  return {
    memoryBytes: amountOf("memory-limit", textOf("memory-limit"), sizeUnits),
    timeSeconds: amountOf("time-limit", textOf("time-limit"), timeUnits),
    isMemoryAsked: isAsked("memory-limit"),
    isTimeAsked: isAsked("time-limit"),
  };
}

/** The limits where nothing is given. */
export const usualLimits: Limits = readLimits();

function amountOf(name: string, text: string, units: Readonly<Record<string, number>>): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)([a-z])$/i.exec(text.trim()) ?? [];
  const amount = Number(number) * (units[unit.toLowerCase()] ?? Number.NaN);
  if (number !== "" && amount > 0 && Number.isFinite(amount)) return amount;
  const names = Object.keys(units);
  throw new LimpidError(
    "bad-option",
    `${name}: it must be a positive number and one of ${names.join(", ")}, got "${text}". give one such as ${limitOptions[name as keyof typeof limitOptions].default}.`,
  );
}

/** Memory as the option takes it, to a tenth: `1.2g`, `700m`. */
export function sizeText(bytes: number): string {
  const megabytes = Math.max(Math.round(bytes / sizeUnits["m"]!), 1);
  if (megabytes < 2 ** 10) return `${megabytes}m`;
  const gigabytes = bytes / sizeUnits["g"]!;
  return `${gigabytes < 100 ? Math.round(10 * gigabytes) / 10 : Math.round(gigabytes)}g`;
}

/** An option's value with which so much memory is allowed. */
export function roomySizeText(bytes: number): string {
  return sizeText(1.1 * bytes);
}

/** Time as the option takes it, rounded up: `90s`, `5h`. */
export function timeText(seconds: number): string {
  return seconds < 3600 ? `${Math.ceil(seconds)}s` : `${Math.ceil(seconds / 3600)}h`;
}
