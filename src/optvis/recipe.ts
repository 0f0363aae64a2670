/** @file The recipe of a set of pictures: everything that makes the same bytes again. */
import { LimpidError } from "../errors.ts";
import type { Preprocessing } from "../image/preprocess.ts";
import type { PictureSize } from "./parameterizations.ts";
import type { Preset } from "./presets.ts";
import type { Unit } from "./units.ts";

export interface Recipe {
  readonly recipe: "limpid maximize";
  /** Of the program, its runtime and what it runs on: other versions may give other last digits. */
  readonly versions: Readonly<Record<string, string>>;
  readonly runtime: string;
  /** The model's file and its fingerprint, which counts. */
  readonly model: { readonly file: string; readonly sha256: string };
  readonly preprocessing: Preprocessing;
  readonly preset: string;
  /** The preset's numbers, with the steps that were asked for. */
  readonly settings: Preset;
  readonly size: PictureSize;
  readonly seed: number;
  readonly negative: boolean;
  /** A layer on which the pictures of one unit are kept apart; null for one picture a unit. */
  readonly apart: string | null;
  readonly animate: boolean;
  /** Pictures that go through the network together, one entry a layer. */
  readonly batches: Readonly<Record<string, number>>;
  readonly units: readonly Unit[];
}

/** The recipe as text that ends in a line break. */
export function formatRecipe(recipe: Recipe): string {
  return `${JSON.stringify(recipe, undefined, 2)}\n`;
}

/** The recipe of a text. Throws `bad-file` if it is none; `path` is for messages. */
export function parseRecipe(text: string, path: string): Recipe {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badRecipe(path, "be JSON, got other text", cause);
  }
  for (const [field, { must, holds }] of Object.entries(fields)) {
    const got = isObject(value) ? value[field] : undefined;
    if (!holds(got)) {
      const shown = JSON.stringify(got) ?? "nothing";
      throw badRecipe(path, `have "${field}" ${must}, got ${shown.slice(0, 80)}`);
    }
  }
  return value as Recipe;
}

function badRecipe(path: string, must: string, cause?: unknown): LimpidError {
  return new LimpidError(
    "bad-file",
    `recipe: "${path}" must ${must}. give a recipe.json that "limpid maximize" wrote.`,
    { cause },
  );
}

interface Field {
  readonly must: string;
  readonly holds: (value: unknown) => boolean;
}

const fields: { readonly [K in keyof Recipe]-?: Field } = {
  recipe: {
    must: `as "limpid maximize"`,
    holds: (value) => value === "limpid maximize",
  },
  versions: { must: "as an object", holds: isObject },
  runtime: { must: "as a text", holds: isText },
  model: {
    must: `with "file" and "sha256"`,
    holds: (value) => isObject(value) && isText(value["file"]) && isText(value["sha256"]),
  },
  preprocessing: {
    must: "as an object with numbers",
    holds: (value) =>
      isObject(value) &&
      isNumbers(value["mean"]) &&
      isNumbers(value["std"]) &&
      isNumber(value["scale"]),
  },
  preset: { must: "as a text", holds: isText },
  settings: { must: "as a preset's numbers", holds: isPreset },
  size: {
    must: "with channels, heightPx and widthPx",
    holds: (value) =>
      isObject(value) &&
      (value["channels"] === 1 || value["channels"] === 3) &&
      isCount(value["heightPx"]) &&
      isCount(value["widthPx"]),
  },
  seed: { must: "as a whole number", holds: Number.isSafeInteger },
  negative: { must: "as true or false", holds: isSwitch },
  apart: { must: "as a layer or null", holds: (value) => value === null || isText(value) },
  animate: { must: "as true or false", holds: isSwitch },
  batches: {
    must: "with a whole number a layer",
    holds: (value) => isObject(value) && Object.values(value).every(isCount),
  },
  units: {
    must: "as a list of units with layer and channel",
    holds: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((unit) => isObject(unit) && isText(unit["layer"]) && isIndex(unit["channel"])),
  },
};

function isPreset(value: unknown): boolean {
  return (
    isObject(value) &&
    isCount(value["steps"]) &&
    isObject(value["parameterization"]) &&
    isObject(value["optimizer"]) &&
    isObject(value["transforms"]) &&
    isObject(value["regularizers"])
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isNumber);
}

function isSwitch(value: unknown): boolean {
  return typeof value === "boolean";
}

function isIndex(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** What two recipes differ in and a reader should know first; undefined if they make the same pictures. */
export function recipeDifference(one: Recipe, other: Recipe): string | undefined {
  if (one.model.sha256 !== other.model.sha256) return "another model";
  const ignored = new Set<keyof Recipe>(["versions", "model"]);
  const field = (Object.keys(fields) as (keyof Recipe)[]).find(
    (name) => !ignored.has(name) && JSON.stringify(one[name]) !== JSON.stringify(other[name]),
  );
  return field && differences[field];
}

const differences: { readonly [K in keyof Recipe]?: string } = {
  runtime: "another runtime",
  preprocessing: "another preprocessing",
  preset: "another preset",
  settings: "other steps or settings",
  size: "another size",
  seed: "another seed",
  negative: "the other direction (--negative)",
  apart: "another diversity",
  animate: "another choice of --animate",
  batches: "other batches",
  units: "other units",
};
