/** @file The options of attribution methods, from what a face gives. */
import type { Baseline } from "../../attribution/gradient/baseline.ts";
import { attributionMethod } from "../../attribution/index.ts";
import {
  methodOptions,
  type AttributionOptions,
  type OptionKinds,
  type OptionName,
} from "../../attribution/method.ts";
import { LimpidError } from "../../errors.ts";
import { affineOf, type Preprocessing } from "../../image/preprocess.ts";

/** Texts of options with a value, true for flags. */
export type GivenOptions = { readonly [Name in OptionName]?: string | boolean };

/** Options of methods, read. */
export type MethodOptions = Omit<AttributionOptions, "targets" | "signal">;

/** What is needed to read an option besides its text. */
export interface OptionContext {
  /** How pictures become the network's input; undefined for tensors that are fed as they are. */
  readonly how: Preprocessing | undefined;
  /** Channels of the input. */
  readonly channels: number;
}

const names = Object.keys(methodOptions) as OptionName[];

/** Throws `bad-option` if an option is given that none of some methods takes. */
export function requireTaken(methods: readonly string[], given: GivenOptions): void {
  const infos = methods.flatMap((method) => attributionMethod(method).info.options);
  const taken = new Set(infos.map(({ name }) => name));
  for (const option of names) {
    if (given[option] === undefined || taken.has(option)) continue;
    const others = [...taken].map((other) => `--${other}`).join(", ") || "none";
    const got =
      methods.length === 1 ? `${methods[0]}, which takes` : `${methods.join(", ")}, which take`;
    throw new LimpidError(
      "bad-option",
      `${option}: the method must take it, got ${got} ${others}. leave --${option} out.`,
    );
  }
}

/** The options given, as methods take them. Throws `bad-option` for a text that is no such value. */
export function readMethodOptions(given: GivenOptions, context: OptionContext): MethodOptions {
  const entries = names
    .filter((name) => given[name] !== undefined)
    .map((name) => [name, readers[methodOptions[name].kind](name, String(given[name]), context)]);
  return Object.fromEntries(entries) as MethodOptions;
}

type Reader<T> = (name: OptionName, text: string, context: OptionContext) => T;

/** How each kind of option is read. */
const readers: { readonly [Kind in keyof OptionKinds]: Reader<OptionKinds[Kind]> } = {
  text: (_, text) => text,
  flag: () => true,
  count: (name, text) =>
    numberOf(name, text, "a positive whole number", (n) => Number.isInteger(n) && n > 0),
  seed: (name, text) =>
    numberOf(name, text, "a whole number from 0", (n) => Number.isInteger(n) && n >= 0),
  share: (name, text) => numberOf(name, text, "over 0 and under 1", (n) => n > 0 && n < 1),
  baseline: readBaseline,
};

function numberOf(
  name: OptionName,
  text: string,
  wanted: string,
  holds: (value: number) => boolean,
): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (holds(value)) return value;
  throw new LimpidError("bad-option", `${name}: it must be ${wanted}, got "${text}". choose one.`);
}

/** A colour from 0 to 1 is brought to the network's own numbers. */
function readBaseline(name: OptionName, text: string, context: OptionContext): Baseline {
  if (text === "mean" || text === "blur" || text === "zero") return text;
  const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const { how, channels } = context;
  const isColour = parts.every((part) => part >= 0 && part <= 1);
  if (!isColour || (parts.length !== 1 && parts.length !== channels)) {
    throw new LimpidError(
      "bad-option",
      `${name}: it must be mean, blur, zero, or 1 or ${channels} numbers from 0 to 1, got "${text}". choose one of these.`,
    );
  }
  if (!how || (channels !== 1 && channels !== 3)) {
    throw new LimpidError(
      "bad-option",
      `${name}: a colour must be of a picture, got a tensor that is fed as it is. choose mean, blur or zero.`,
    );
  }
  const colour = Array.from({ length: channels }, (_, c) => parts[parts.length === 1 ? 0 : c]!);
  const { order, gain, offset } = affineOf(how, channels);
  return order.map((from, c) => colour[from]! * gain[c]! + offset[c]!);
}
