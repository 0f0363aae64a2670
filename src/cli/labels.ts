/** @file Class names from files, and targets given as text. */
import { imagenetClasses } from "../attribution/imagenet-classes.ts";
import type { Targets } from "../attribution/targets.ts";
import { closestNames } from "../closest-names.ts";
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { readText } from "../node/files.ts";
import { metadataKeys } from "../train/export.ts";

/** Names of classes, and what should be said about them. */
export interface Labels {
  readonly names: readonly string[] | undefined;
  readonly note?: string;
}

/**
 * The class names that are asked for: a file's, or `imagenet`; else those of the model's metadata. Networks of
 * 1,000 classes are taken for ImageNet's unless told otherwise, which the note says. Throws `bad-file` if there
 * are not as many names as classes; a network of one unit has two.
 */
export async function readLabels(
  asked: string | undefined,
  units: number,
  metadata: Graph["metadata"],
): Promise<Labels> {
  const classes = Math.max(units, 2);
  const stored = metadata.get(metadataKeys.classes);
  if (asked === undefined && stored !== undefined) {
    return {
      names: requireCount(parseLabels(stored, "model metadata"), classes, "model metadata"),
    };
  }
  if (asked === undefined) {
    if (classes !== imagenetClasses.length) return { names: undefined };
    const note =
      "the network has 1,000 classes; took them for ImageNet's (--labels FILE says otherwise)";
    return { names: imagenetClasses, note };
  }
  const names =
    asked === "imagenet" ? imagenetNames(classes) : parseLabels(await readText(asked), asked);
  return { names: requireCount(names, classes, asked) };
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
 * Names of classes from text: one a line, with or without a synset's number before them; a JSON list; or
 * a JSON object by class number whose values are names, or lists that end in one, as Keras has it.
 */
export function parseLabels(text: string, path: string): readonly string[] {
  if (/^\s*[[{]/.test(text)) return parseJsonLabels(text, path);
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^n\d{8}\s+/, ""));
}

function parseJsonLabels(text: string, path: string): readonly string[] {
  const bad = (cause?: unknown) =>
    new LimpidError(
      "bad-file",
      `labels: "${path}" must be a JSON list of names or an object by class number, got other text. write one name a line.`,
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw bad(cause);
  }
  const list: readonly unknown[] = Array.isArray(value)
    ? value
    : Object.keys(value as object).map((_, i) => (value as Record<string, unknown>)[i]);
  return list.map((entry) => {
    const name: unknown = Array.isArray(entry) ? entry.at(-1) : entry;
    if (typeof name !== "string") throw bad();
    return name;
  });
}

/** The targets of a text: class numbers, `top`, or a label in any case. Throws `bad-option`. */
export function parseTargets(text: string, labels: readonly string[] | undefined): Targets {
  if (text === "top") return "top";
  if (/^\s*\d+(\s*,\s*\d+)*\s*$/.test(text)) return text.split(",").map(Number);
  const wanted = text.toLowerCase();
  const found = (labels ?? []).flatMap((label, i) => (label.toLowerCase() === wanted ? [i] : []));
  if (found.length === 1) return found;
  throw new LimpidError(
    "bad-option",
    `target: must be class numbers, a label or top, got "${text}"${hintFor(text, labels, found)}`,
  );
}

function hintFor(
  text: string,
  labels: readonly string[] | undefined,
  found: readonly number[],
): string {
  if (!labels) return ". give class names with --labels.";
  if (found.length > 1) return `, the name of classes ${found.join(" and ")}. give the number.`;
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
  const near = closestNames(text, labels);
  if (near.length === 0 && labels.length <= mostListed) return `. there are ${quoted(labels)}.`;
  return `. closest: ${quoted(near) || "none"}.`;
}

/** So many names can be read in a line. */
const mostListed = 10;
