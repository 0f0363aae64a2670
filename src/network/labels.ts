/** @file Names of classes: of a text, of a model's metadata, ImageNet's. */
import { option, say, type Message } from "../wording/face.ts";
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { imagenetClasses } from "./imagenet-classes.ts";
import { formatCount } from "../wording/numbers.ts";
import { besideKey, metadataKeys } from "./metadata.ts";
import { isNamesKey, namesInText, rankOfKey } from "./told/class-names.ts";

/** Names of classes, and what was assumed of them. */
export interface Labels {
  readonly names: readonly string[] | undefined;
  readonly note?: Message;
}

/** A text with names of classes and where it comes from, or the word for ImageNet's. */
export type AskedLabels = "imagenet" | { readonly text: string; readonly from: string };

/**
 * The class names that are asked for; else those of the model's metadata or of a file beside it. Networks of 1,000 classes are taken for
 * ImageNet's unless told otherwise, which the note says. Throws `bad-file` if there are not as many names as classes.
 */
export function labelsOf(
  asked: AskedLabels | undefined,
  classes: number,
  metadata: Graph["metadata"],
): Labels {
  if (asked === "imagenet") {
    return { names: requireCount(imagenetNames(classes), classes, "imagenet") };
  }
  if (asked) {
    return { names: requireCount(parseLabels(asked.text, asked.from), classes, asked.from) };
  }
  const stored = metadata.get(metadataKeys.classes);
  if (stored !== undefined) {
    const from = "model metadata";
    return { names: requireCount(parseLabels(stored, from), classes, from) };
  }
  const foreign = foreignNames(metadata);
  if (foreign) {
    const { names, from } = foreign;
    if (names.length === classes) return { names };
    const note = say`${from} has ${names.length} names and the output ${formatCount(classes)} numbers, so they are not used`;
    return { names: undefined, note };
  }
  if (classes !== imagenetClasses.length) return { names: undefined };
  const note = say`the network has 1,000 classes; took them for ImageNet's (${option("labels", "FILE")} says otherwise)`;
  return { names: imagenetClasses, note };
}

/** The class names that metadata hold, however many; undefined where there are none that can be read. */
export function classNamesIn(metadata: Graph["metadata"]): readonly string[] | undefined {
  const stored = metadata.get(metadataKeys.classes);
  try {
    if (stored === undefined) return foreignNames(metadata)?.names;
    return parseLabels(stored, "model metadata");
  } catch {
    return undefined;
  }
}

function requireCount(names: readonly string[], classes: number, from: string): readonly string[] {
  if (names.length === classes) return names;
  throw new LimpidError(
    "bad-file",
    `labels: "${from}" must have ${classes} names, one a class, got ${names.length}. give the names of this network.`,
  );
}

/** TensorFlow's networks have 1,001 classes: theirs begin with one for everything else. */
function imagenetNames(classes: number): readonly string[] {
  return classes === imagenetClasses.length + 1
    ? ["background", ...imagenetClasses]
    : imagenetClasses;
}

/**
 * Names of classes from text: one a line, with or without a synset's number before them; or JSON or a dictionary of
 * Python's, as `namesInText` reads them.
 */
export function parseLabels(text: string, from: string): readonly string[] {
  if (/^\s*[[{]/.test(text)) return parseJsonLabels(text, from);
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^n\d{8}\s+/, ""));
}

function parseJsonLabels(text: string, from: string): readonly string[] {
  const names = namesInText(text);
  if (names) return names;
  throw new LimpidError(
    "bad-file",
    `labels: "${from}" must be a JSON list of names or an object by class number or by name, got other text. write one name a line.`,
  );
}

/** Names that other tools keep in a model's metadata or beside it, and where they are. */
function foreignNames(
  metadata: Graph["metadata"],
): { readonly names: readonly string[]; readonly from: string } | undefined {
  const keys = [...metadata.keys()].filter(isNamesKey);
  for (const key of keys.toSorted((a, b) => rankOfKey(a) - rankOfKey(b))) {
    const names = namesInText(metadata.get(key)!) ?? listedNames(metadata.get(key)!);
    if (names) return { names, from: `"${key}" of its metadata` };
  }
  const text = metadata.get(besideKey("config.json"));
  const isObject = text !== undefined && /^\s*\{/.test(text);
  const names = isObject ? namesInText(text) : undefined;
  return names && { names, from: "config.json beside the model" };
}

/** "cat, dog", or one a line. */
function listedNames(text: string): readonly string[] | undefined {
  const names = text.split(text.includes("\n") ? /\r?\n/ : ",").map((name) => name.trim());
  const isList = names.length > 1 && !/[[\]{}]/.test(text) && names.every((name) => name !== "");
  return isList ? names : undefined;
}
