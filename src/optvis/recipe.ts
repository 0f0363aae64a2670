/** @file The recipe of a set of pictures: everything that makes the same bytes again. */
import * as v from "valibot";
import { LimpidError } from "../errors.ts";
import type { PixelRange } from "../image/file-numbers.ts";
import type { Preprocessing } from "../image/preprocess.ts";
import { headKinds, type HeadKind } from "../network/head-kind.ts";
import type { HeadOptions } from "../network/head.ts";
import { parsePreprocessing } from "../network/preprocessing.ts";
import { byName } from "../wording/record-schema.ts";
import { command, option, say, type Message } from "../wording/face.ts";
import type { ObjectiveTerm } from "./objective-terms.ts";
import { mostSidePx, type PictureSize } from "./parameterizations.ts";
import type { Preset } from "./presets.ts";
import { count, name, objectiveSchema, presetSchema, unitSchema } from "./unit-schema.ts";
import type { Unit } from "./units.ts";
import { jsonText } from "../wording/shown-text.ts";
import { readJson } from "../wording/read-json.ts";

const side = v.pipe(count, v.maxValue(mostSidePx));

export interface Recipe {
  readonly recipe: "limpid maximize";
  /** Of the program, its runtime and what it runs on: other versions may give other last digits. */
  readonly versions: Readonly<Record<string, string>>;
  readonly runtime: string;
  /** The model's file and its fingerprint, which counts. */
  readonly model: { readonly file: string; readonly sha256: string };
  /** Which output is meant, and what its numbers are, where it was said. */
  readonly head?: Pick<HeadOptions, "output" | "kind">;
  readonly preprocessing: Preprocessing;
  readonly preset: string;
  /** The preset's numbers, with the steps that were asked for. */
  readonly settings: Preset;
  readonly size: PictureSize;
  readonly seed: number;
  readonly negative: boolean;
  /** What is maximised; left out where it is each unit's activation or what the preset has for classes. */
  readonly objective?: readonly ObjectiveTerm[];
  /** Fingerprints of the photos that silent units are tried from, by their paths. */
  readonly startPhotos?: Readonly<Record<string, string>>;
  /** Numbers of photos' files that are black and white, where that was said. */
  readonly range?: PixelRange;
  /** Fingerprints of the photos that the objective compares with, by their paths. */
  readonly photos?: Readonly<Record<string, string>>;
  /** A layer on which the pictures of one unit are kept apart; null for one picture a unit. */
  readonly apart: string | null;
  readonly animate: boolean;
  /** Pictures that go through the network together, one entry a layer. */
  readonly batches: Readonly<Record<string, number>>;
  readonly units: readonly Unit[];
}

/** The recipe as text that ends in a line break. */
export function formatRecipe(recipe: Recipe): string {
  return `${jsonText(recipe, 2)}\n`;
}

/** A field with how it must be there, for messages, and what it means, for documents. */
function field<const Schema extends v.GenericSchema>(
  must: string,
  schema: Schema,
  meaning: string,
) {
  return v.pipe(schema, v.title(must), v.description(meaning));
}

/** A recipe as JSON; the preprocessing is read by itself. */
export const recipeSchema = v.strictObject({
  recipe: field(`as "limpid maximize"`, v.literal("limpid maximize"), "what it is a recipe of"),
  versions: field(
    "as an object",
    v.record(v.string(), v.string()),
    "of the program, its runtime and what it runs on",
  ),
  runtime: field("as a text", name, "what computed"),
  model: field(
    `with "file" and "sha256"`,
    v.strictObject({ file: name, sha256: name }),
    "the network's file, and its fingerprint, which counts",
  ),
  head: v.exactOptional(
    field(
      `with "output" and "kind"`,
      v.strictObject({
        output: v.exactOptional(name),
        kind: v.exactOptional(v.picklist(Object.keys(headKinds) as HeadKind[])),
      }),
      "which output is meant, and what its numbers are, where it was said",
    ),
  ),
  preprocessing: field(
    "as an object with numbers",
    v.record(v.string(), v.unknown()),
    "what makes a picture the network's input",
  ),
  preset: field("as a text", name, "name of the preset"),
  settings: field(
    "as a preset's numbers",
    presetSchema,
    "the preset's numbers, with the steps that were asked for",
  ),
  size: field(
    "with channels, heightPx and widthPx",
    v.strictObject({ channels: v.picklist([1, 3]), heightPx: side, widthPx: side }),
    "of each picture",
  ),
  seed: field("as a whole number", v.pipe(v.number(), v.safeInteger()), "where randomness starts"),
  negative: field("as true or false", v.boolean(), "whether the objective was made small"),
  objective: v.exactOptional(
    field(
      "as a list of objectives with weights",
      objectiveSchema,
      "what is maximised; left out where it is each unit's activation or what the preset has for classes",
    ),
  ),
  photos: v.exactOptional(
    field(
      "with a fingerprint a photo",
      byName(name),
      "fingerprints of the photos that the objective compares with, by their paths",
    ),
  ),
  startPhotos: v.exactOptional(
    field(
      "with a fingerprint a photo",
      byName(name),
      "fingerprints of the photos that silent units are tried from, by their paths",
    ),
  ),
  range: v.exactOptional(
    field(
      "as black and white",
      v.pipe(v.tuple([v.number(), v.number()]), v.readonly()),
      "numbers of photos' files that are black and white, where that was said",
    ),
  ),
  apart: field(
    "as a layer or null",
    v.nullable(name),
    "a layer on which the pictures of one unit are kept apart; null for one picture a unit",
  ),
  animate: field("as true or false", v.boolean(), "whether the way of each picture is written"),
  batches: field(
    "with a whole number a layer",
    byName(count),
    "pictures that go through the network together",
  ),
  units: field(
    "as a list of units with layer and channel",
    v.pipe(v.array(unitSchema), v.minLength(1)),
    "one a picture",
  ),
});

/** The recipe of a text. Throws `bad-file` if it is none; `path` is for messages. */
export function parseRecipe(text: string, path: string): Recipe {
  const read = readJson(text);
  if ("fault" in read) throw badRecipe(path, `be JSON, got ${read.fault}`);
  const { value } = read;
  const { success, output, issues } = v.safeParse(recipeSchema, value, { abortEarly: true });
  if (!success) throw badRecipe(path, fault(issues[0]));
  return {
    ...output,
    preprocessing: parsePreprocessing(JSON.stringify(output.preprocessing), path),
  };
}

/** What must hold of the field that an issue lies in. */
function fault(issue: v.BaseIssue<unknown>): string {
  const key = issue.path?.[0].key;
  if (typeof key !== "string") return "be an object, got another value";
  const entries: Readonly<Record<string, v.GenericSchema>> = recipeSchema.entries;
  if (!Object.hasOwn(entries, key)) return `have known fields, got "${key}"`;
  const shown = JSON.stringify(issue.input) ?? "nothing";
  const deep = v.getDotPath(issue);
  const where = deep === null || deep === key ? "" : ` at ${deep}`;
  return `have "${key}" ${mustOf(entries[key]!)}, got ${shown.slice(0, 80)}${where}`;
}

function isOptional(
  schema: v.GenericSchema,
): schema is v.ExactOptionalSchema<v.GenericSchema, undefined> {
  return schema.type === "exact_optional";
}

function mustOf(schema: v.GenericSchema): string {
  const inner = isOptional(schema) ? schema.wrapped : schema;
  return v.getTitle(inner) ?? "as a recipe has it";
}

function badRecipe(path: string, must: string): LimpidError {
  return new LimpidError(
    "bad-file",
    say`recipe: "${path}" must ${must}. give a recipe.json that ${command("maximize")} wrote.`,
  );
}

/** What two recipes differ in and a reader should know first; undefined if they make the same pictures. */
export function recipeDifference(one: Recipe, other: Recipe): Message | string | undefined {
  if (one.model.sha256 !== other.model.sha256) return "another model";
  const found = Object.entries(differences).find(
    ([key]) =>
      JSON.stringify(one[key as keyof Recipe]) !== JSON.stringify(other[key as keyof Recipe]),
  );
  return found?.[1];
}

const differences = {
  runtime: "another runtime",
  head: say`another output or kind (${option("output")}, ${option("kind")})`,
  preprocessing: "another preprocessing",
  preset: "another preset",
  settings: "other steps or settings",
  size: "another size",
  seed: "another seed",
  negative: say`the other direction (${option("negative")})`,
  objective: "another objective",
  photos: "other photos",
  startPhotos: say`other photos to start from (${option("photos")})`,
  range: say`another ${option("range")} of photos`,
  apart: "another diversity",
  animate: say`another choice of ${option("animate")}`,
  batches: "other batches",
  units: "other units",
} as const satisfies { readonly [K in keyof Recipe]?: Message | string };
