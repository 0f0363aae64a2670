/** @file The options of attribution methods, from what a face gives. */
import type { AttributionOptions } from "../../attribution/method.ts";
import { attributionMethod, optionsOfMethods } from "../../attribution/registry.ts";
import { LimpidError } from "../../errors.ts";
import { affineOf, type Preprocessing } from "../../image/preprocess.ts";
import { option, say } from "../../wording/face.ts";
import type { OptionInfo, OptionValue } from "../../wording/option.ts";
import { readOption } from "../../wording/read-option.ts";

/** Options by name: texts, which are read, or the values themselves. A colour as text is of a picture, 0 to 1. */
export type GivenOptions = Readonly<Record<string, OptionValue | undefined>>;

/** Options of methods, read. */
export type MethodOptions = Omit<
  AttributionOptions,
  "targets" | "signal" | "layers" | "sought" | "onProgress"
>;

/** What is needed to read an option besides its text. */
export interface OptionContext {
  /** How pictures become the network's input; undefined for tensors that are fed as they are. */
  readonly how: Preprocessing | undefined;
  /** Channels of the input. */
  readonly channels: number;
}

/** Throws `bad-option` if an option is given that none of some methods takes. */
export function requireTaken(methods: readonly string[], given: GivenOptions): void {
  // Only of an option that is given all options of all methods are of interest.
  if (Object.values(given).every((value) => value === undefined)) return;
  const taken = new Set(methods.flatMap((method) => Object.keys(tableOf(method))));
  const missing = [...optionsOfMethods().keys(), ...Object.keys(given)].find(
    (name) => given[name] !== undefined && !taken.has(name),
  );
  if (missing === undefined) return;
  const others = [...taken].map((name) => say`${option(name)}`);
  const got =
    methods.length === 1 ? `${methods[0]}, which takes` : `${methods.join(", ")}, which take`;
  const listed = others.reduce((all, other, i) => (i === 0 ? other : say`${all}, ${other}`), say``);
  throw new LimpidError(
    "bad-option",
    say`${missing}: the method must take it, got ${got} ${others.length === 0 ? "none" : listed}. leave ${option(missing)} out.`,
  );
}

function tableOf(method: string) {
  return attributionMethod(method).info.options;
}

/**
 * The options given, as methods take them. Throws `bad-option` for a text that is no such value for any of the methods
 * that take the option.
 */
export function readMethodOptions(
  methods: readonly string[],
  given: GivenOptions,
  context: OptionContext,
): MethodOptions {
  const entries = Object.entries(given).flatMap(([name, value]) => {
    if (typeof value !== "string") return value === undefined ? [] : [[name, value]];
    const infos = methods.flatMap((method) => tableOf(method)[name] ?? []);
    const read = readFirst(name, infos, value);
    return [[name, Array.isArray(read) ? inNetworkNumbers(name, read, value, context) : read]];
  });
  return Object.fromEntries(entries) as MethodOptions;
}

/** Methods may differ in what they take: the first that can read a text does. */
function readFirst(name: string, infos: readonly OptionInfo[], text: string): OptionValue {
  const [info, ...others] = infos;
  try {
    return readOption(name, info!, text);
  } catch (error) {
    if (others.length === 0) throw error;
    return readFirst(name, others, text);
  }
}

/** A colour from 0 to 1, one number or one a channel, in the network's own numbers. */
function inNetworkNumbers(
  name: string,
  parts: readonly number[],
  text: string,
  { how, channels }: OptionContext,
): readonly number[] {
  if (parts.length !== 1 && parts.length !== channels) {
    throw new LimpidError(
      "bad-option",
      `${name}: a colour must be 1 or ${channels} numbers from 0 to 1, got "${text}". choose one.`,
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
