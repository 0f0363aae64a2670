/** @file Names of classes: of a text, of a model's metadata, ImageNet's. */
import { option, say, type Message } from "../wording/face.ts";
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { background, imagenetNames, isImagenetCount, spreadNames } from "./background-class.ts";
import { formatCount } from "../wording/numbers.ts";
import { metadataKeys } from "../graph/metadata.ts";
import { namesInFile } from "./told/class-names.ts";
import { labelFilesOf, type FileNames } from "./told/label-files.ts";
import { toldNames, type ToldNames } from "./told/told-names.ts";

/** Names of classes, and what was assumed of them. */
export interface Labels {
  readonly names: readonly string[] | undefined;
  /** Who gives the names, if there are any: "the model's own metadata". */
  readonly from?: string;
  readonly note?: Message;
}

const imagenet = "ImageNet";

/** A text with names of classes and where it comes from, or the word for ImageNet's. */
export type AskedLabels = "imagenet" | { readonly text: string; readonly from: string };

/**
 * The class names that are asked for; else those of the model's metadata or of a file beside it. Networks of 1,000 classes are taken for
 * ImageNet's unless told otherwise, and of 1,001 the first for the background, which the note says. One name less than
 * classes leaves the background out (`spreadNames`). Rejects with `bad-file` if there are not as many names as classes.
 */
export async function labelsOf(
  asked: AskedLabels | undefined,
  classes: number,
  metadata: Graph["metadata"],
): Promise<Labels> {
  if (asked === "imagenet") {
    const names = await imagenetNames(classes);
    return { names: requireCount(names, classes, "imagenet"), from: imagenet };
  }
  if (asked) {
    const { text, from } = asked;
    const given = parseLabels(text, from);
    const spread = spreadNames(given, classes, from);
    return spread ? { ...spread, from } : { names: requireCount(given, classes, from), from };
  }
  const stored = metadata.get(metadataKeys.classes);
  if (stored !== undefined) {
    const names = requireCount(parseLabels(stored, "model metadata"), classes, "model metadata");
    return { names, from: "the model's own metadata" };
  }
  const { found, unread } = toldNames(metadata);
  const fitting = found.find((told) => countsOf(told).includes(classes));
  const unreadNote = unread.join("; ");
  if (fitting) return fittedNames(fitting, classes, unreadNote);
  const [other] = found;
  const spread = other?.first === 0 ? spreadNames(other.names, classes, other.from) : undefined;
  if (spread) return { ...spread, from: other!.from };
  if (other) {
    const note = say`${other.from} has ${other.names.length} names and the output ${formatCount(classes)} numbers, so they are not used`;
    return { names: undefined, note };
  }
  const files = labelFilesOf(metadata, classes);
  if (files.length > 0) return filedNames(files);
  if (!isImagenetCount(classes)) {
    return { names: undefined, ...(unread.length > 0 ? { note: say`${unreadNote}` } : {}) };
  }
  const before = unread.length > 0 ? `${unreadNote}; ` : "";
  const usual = await imagenetNames(classes);
  const behind = usual[0] === background ? `, behind one for the ${background}` : "";
  const note = say`${before}the network has ${formatCount(classes)} classes; took them for ImageNet's${behind} (${option("labels", "FILE")} says otherwise)`;
  return { names: usual, from: `${imagenet}, as there are ${formatCount(classes)}`, note };
}

/** Names of the only file that fits; which of several is meant nobody can tell. */
function filedNames(files: readonly FileNames[]): Labels {
  const [only, ...others] = files;
  if (others.length === 0) {
    return {
      names: only!.names,
      from: `${only!.file} beside the model`,
      note: say`names of classes are those of ${only!.file} beside the model`,
    };
  }
  const listed = files.map(({ file }) => file).join(", ");
  const note = say`${listed} beside the model name as many classes, each otherwise, so none is used (${option("labels", "FILE")} says which)`;
  return { names: undefined, note };
}

/** Names of as many classes; where they count from 1, there may be a class before them. */
function fittedNames({ names, first, from }: ToldNames, classes: number, unread: string): Labels {
  const isShort = names.length < classes;
  const counting = isShort
    ? `${from} counts classes from 1, so class 0 has no name`
    : `${from} counts classes from 1: its first name is taken for class 0`;
  const said = [...(first === 1 ? [counting] : []), ...(unread === "" ? [] : [unread])].join("; ");
  const all = isShort ? ["class 0", ...names] : names;
  return { names: all, from, ...(said === "" ? {} : { note: say`${said}` }) };
}

function countsOf({ names, first }: ToldNames): readonly number[] {
  return first === 1 ? [names.length, names.length + 1] : [names.length];
}

const counts = new WeakMap<Graph["metadata"], ReadonlySet<number>>();

/** How many classes there may be by the names that metadata hold; none where there are no names that can be read. */
export function namedCounts(metadata: Graph["metadata"]): ReadonlySet<number> {
  const known = counts.get(metadata) ?? new Set(readCounts(metadata));
  counts.set(metadata, known);
  return known;
}

function readCounts(metadata: Graph["metadata"]): readonly number[] {
  const stored = metadata.get(metadataKeys.classes);
  if (stored === undefined) return toldNames(metadata).found.flatMap(countsOf);
  const names = namesInFile(stored);
  return names ? [names.length] : [];
}

function requireCount(names: readonly string[], classes: number, from: string): readonly string[] {
  if (names.length === classes) return names;
  throw new LimpidError(
    "bad-file",
    `labels: "${from}" must have ${classes} names, one a class, got ${names.length}. give the names of this network.`,
  );
}

/** Names of classes from text, as `namesInFile` reads them. Throws `bad-file` for other text. */
export function parseLabels(text: string, from: string): readonly string[] {
  const names = namesInFile(text);
  if (names) return names;
  throw new LimpidError(
    "bad-file",
    `labels: "${from}" must have one name a line, or be a JSON list of names or an object by class number or by name, got other text. write one name a line.`,
  );
}
