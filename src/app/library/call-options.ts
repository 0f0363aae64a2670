/** @file The options that calls of the library take: what is none of them is refused, as the command refuses it. */
import { LimpidError } from "../../errors.ts";
import { presets } from "../../optvis/presets.ts";
import { closestNames } from "../../wording/closest-names.ts";
import type { OptionTable } from "../../wording/option.ts";
import { shownJson } from "../../wording/read-json.ts";
import { optionValues } from "../../wording/read-option.ts";
import { activationsOptions } from "../activations/request.ts";
import { numberOptions } from "../maximize/number-options.ts";

/** What an option must be; undefined where it is. */
type Requirement = (value: unknown) => string | undefined;

type Requirements = Readonly<Record<string, Requirement>>;

const must =
  (what: string, isGood: (value: unknown) => boolean): Requirement =>
  (value) =>
    isGood(value) ? undefined : what;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isListOf = (value: unknown, isGood: (each: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(isGood);
const isWhole = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;

const anything: Requirement = () => undefined;
const text = must("a text", isText);
const texts = must(
  "a text or a list of texts",
  (value) => isText(value) || isListOf(value, isText),
);
const selection = must(
  "a whole number from 0 on, a list of them, or a text",
  (value) => isText(value) || isWhole(value) || isListOf(value, isWhole),
);
const callback = must("a function", (value) => typeof value === "function");
const flag = must("true or false", (value) => typeof value === "boolean");

const number = must("a number", Number.isFinite);
const numbers = must("a list of numbers", (value) => isListOf(value, Number.isFinite));

/** Of every call. */
const everyCall: Requirements = {
  signal: must("an AbortSignal", (value) => typeof parts(value)["aborted"] === "boolean"),
  onProgress: callback,
  onNote: callback,
  onFailure: callback,
};

const layers: Requirements = { layer: texts, channel: selection };

const calls = {
  inspect: {
    own: {
      photos: must("a list of paths", (value) => Array.isArray(value) && value.every(isText)),
    },
    table: {},
  },
  activations: { own: layers, table: activationsOptions },
  maximize: {
    own: {
      ...layers,
      target: selection,
      class: selection,
      preset: must(`one of ${Object.keys(presets).join(", ")}`, (value) =>
        Object.hasOwn(presets, String(value)),
      ),
      everyConvolution: flag,
      negative: flag,
      animate: flag,
      neuron: must("a list of whole numbers from 0 on", (value) => isListOf(value, isWhole)),
      objective: text,
      photos: must("a list of paths", (value) => isListOf(value, isText)),
      recipe: must("a recipe, or the path of one", (value) => isText(value) || isObject(value)),
    },
    table: numberOptions,
  },
  /** Those of its methods are looked at with them. */
  explain: {
    own: {
      method: must(
        "a method's name or a list of them",
        (value) => isText(value) || isListOf(value, isText),
      ),
      layer: must(
        "a text or a list of texts",
        (value) => isText(value) || (Array.isArray(value) && value.every(isText)),
      ),
      target: selection,
      check: must('"on" or "off"', (value) => value === "on" || value === "off"),
      trust: flag,
      mask: anything,
      reference: anything,
      box: numbers,
      pixel: numbers,
      bands: numbers,
      confidence: number,
      overlap: number,
      rate: number,
      axes: text,
      options: must("an object", isObject),
    },
    table: {},
    takesMore: true,
  },
  open: {
    own: {
      runtime: text,
      preprocess: anything,
      range: must("[black, white]", (value) => isListOf(value, Number.isFinite)),
      shape: anything,
      inputs: must("an object of values by names", isObject),
      labels: anything,
      weights: text,
      offline: flag,
      output: text,
      kind: text,
      keepSoftmax: flag,
    },
    table: {},
  },
} as const satisfies Readonly<
  Record<string, { own: Requirements; table: OptionTable; takesMore?: boolean }>
>;

/** A call that takes options. */
export type CallName = keyof typeof calls;

/** Throws `bad-option` for what are no options of the call, and for values that they cannot have. */
export function requireOptions(call: CallName, given: unknown): void {
  requireObject(call, given);
  const {
    own,
    table,
    takesMore = false,
  }: (typeof calls)[CallName] & { takesMore?: boolean } = calls[call];
  const requirements: Requirements = { ...everyCall, ...own };
  const ofTable: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (Object.hasOwn(table, name)) ofTable[name] = value;
    else if (Object.hasOwn(requirements, name)) requireFit(name, requirements[name]!, value);
    else if (!takesMore)
      throw unknownOption(call, name, [...Object.keys(requirements), ...Object.keys(table)]);
  }
  optionValues(table, ofTable);
}

/** Throws `bad-option` for options that are none. */
export function requireObject(call: CallName, given: unknown): asserts given is object {
  if (isObject(given)) return;
  throw new LimpidError(
    "bad-option",
    `${call}: options must be an object, got ${shownJson(given)}. leave them out if there are none.`,
  );
}

function requireFit(name: string, requirement: Requirement, value: unknown): void {
  const wanted = requirement(value);
  if (wanted === undefined) return;
  throw new LimpidError(
    "bad-option",
    `${name}: it must be ${wanted}, got ${shown(value)}. give one, or leave it out.`,
  );
}

function unknownOption(call: CallName, name: string, known: readonly string[]): LimpidError {
  const near = closestNames(name, known);
  const hint = near.length > 0 ? ` closest: ${near.join(", ")}.` : "";
  return new LimpidError(
    "bad-option",
    `${call}: an option must be one of ${known.join(", ")}, got "${name}". leave it out.${hint}`,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parts(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? (value as Readonly<Record<string, unknown>>) : {};
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : shownJson(value);
}
