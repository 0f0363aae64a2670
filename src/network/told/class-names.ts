/** @file Names of classes in the ways that tools write them: lists, and dictionaries from numbers to names or back. */
import { readLiteral, type Literal } from "./python-literal.ts";
import { plain } from "./plain-name.ts";

/** Keys under which configurations keep names of classes, the most telling first. */
const holders = [
  "id2label",
  "label2id",
  "idxtoclass",
  "idx2class",
  "classtoidx",
  "class2idx",
  "indextoclass",
  "classtoindex",
  "idxtolabel",
  "idx2label",
  "labeltoidx",
  "label2idx",
  "indextoname",
  "nametoindex",
  "labelnames",
  "names",
  "classnames",
  "classlabels",
  "classes",
  "labels",
  "categories",
  "labelmap",
  "classmap",
] as const;

/** The place of a key in the order of trust, in any letters and with any signs between them; -1 for others. */
export function rankOfKey(key: string): number {
  const name = plain(key);
  return holders.findIndex((holder) => holder === name);
}

/** Names of classes, and the number of the first one, where they have any. */
export interface NumberedNames {
  readonly names: readonly string[];
  readonly first: 0 | 1;
}

/**
 * The names of classes in a text: a list of names; of objects with a `name`; a dictionary from class number to name
 * (or to a list that ends in one, as Keras has it), or from name to class number; or an object with one of these under
 * a key such as `id2label`. JSON and Python's spelling. Undefined if it is none of them, or a class has no name.
 */
export function namesInText(text: string): readonly string[] | undefined {
  const numbered = numberedNamesIn(text);
  return numbered?.first === 0 ? numbered.names : undefined;
}

/** As `namesInText`, and also of dictionaries whose numbers count from 1. */
export function numberedNamesIn(text: string): NumberedNames | undefined {
  const value = readLiteral(text);
  return value === undefined ? undefined : namesIn(value);
}

function namesIn(value: Literal): NumberedNames | undefined {
  if (Array.isArray(value)) return namesInList(value);
  if (!(value instanceof Map)) return undefined;
  const entries = value as ReadonlyMap<string, Literal>;
  for (const first of [0, 1] as const) {
    const names = byNumber(entries, first) ?? byName(entries, first);
    if (names) return { names, first };
  }
  return held(entries);
}

/** Names one after the other, or objects that have a number each, as COCO's categories. */
function namesInList(list: readonly Literal[]): NumberedNames | undefined {
  const names = allOf(list.map(nameOf));
  const ids = list.map((item) => (item instanceof Map ? (item.get("id") as Literal) : undefined));
  if (!names || !ids.every((id) => typeof id === "number")) return names && { names, first: 0 };
  return namesIn(new Map(ids.map((id, i) => [String(id), names[i]!])));
}

function nameOf(value: Literal): string | undefined {
  if (typeof value === "string") return value.trim() || value;
  if (Array.isArray(value)) return nameOf((value as readonly Literal[]).at(-1) ?? null);
  return value instanceof Map
    ? nameOf((value as ReadonlyMap<string, Literal>).get("name") ?? null)
    : undefined;
}

/** The list if every class has its name, and there is any. */
function allOf(names: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = names.filter((name) => name !== undefined);
  return known.length > 0 && known.length === names.length ? known : undefined;
}

/** {"0": "cat", "1": "dog"} */
function byNumber(
  entries: ReadonlyMap<string, Literal>,
  first: number,
): readonly string[] | undefined {
  return allOf(
    Array.from({ length: entries.size }, (_, i) => nameOf(entries.get(`${first + i}`) ?? null)),
  );
}

/** {"cat": 0, "dog": 1}; numbers may be texts. */
function byName(
  entries: ReadonlyMap<string, Literal>,
  first: number,
): readonly string[] | undefined {
  const names = Array<string | undefined>(entries.size).fill(undefined);
  for (const [name, value] of entries) {
    const isNumber =
      typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
    const at = Number(value) - first;
    if (!isNumber || !Object.hasOwn(names, at)) return undefined;
    names[at] = name.trim() || name;
  }
  return allOf(names);
}

function held(entries: ReadonlyMap<string, Literal>): NumberedNames | undefined {
  const keys = [...entries.keys()].filter((key) => rankOfKey(key) >= 0);
  for (const key of keys.toSorted((a, b) => rankOfKey(a) - rankOfKey(b))) {
    const inside = entries.get(key)!;
    const found = inside === null ? undefined : namesIn(inside);
    if (found && !isPlaceholder(found.names)) return found;
  }
  return undefined;
}

/** Transformers numbers classes that have no names. */
export function isPlaceholder(names: readonly string[]): boolean {
  return names.every((name, i) => name === `LABEL_${i}`);
}

/** The first of these that a text has stands between its names. */
const separators = ["\n", ";", "|", "\t", ","] as const;

/** "cat, dog", or one a line; each may have its number before it, as in "0: cat". */
export function listedNames(text: string): NumberedNames | undefined {
  const trimmed = text.trim();
  const separator = separators.find((sign) => trimmed.includes(sign));
  if (separator === undefined || /[[\]{}]/.test(text)) return undefined;
  const parts = trimmed.split(separator).map((part) => part.trim());
  if (parts.some((part) => part === "" || /^[-+.\d]+$/.test(part))) return undefined;
  return withoutNumbers(parts);
}

/** Names that may each have their number before them. */
function withoutNumbers(parts: readonly string[]): NumberedNames {
  const numbered = parts.map((part) => /^(\d+)\s*[:=,\t ]\s*(\S.*)$/.exec(part));
  const first = Number(numbered[0]?.[1]);
  const isCounted = numbered.every((match, i) => match && Number(match[1]) === first + i);
  if (!isCounted || (first !== 0 && first !== 1)) return { names: parts, first: 0 };
  return { names: numbered.map((match) => match![2]!), first };
}

/** Longer lines name no class. */
const longestName = 200;

/**
 * The names of classes of a file: one a line, with or without its number or a synset's before it, or as `namesInText`
 * reads them. Undefined if it is none of them.
 */
export function namesInFile(text: string): readonly string[] | undefined {
  if (/^\s*[[{]/.test(text)) return namesInText(text);
  const lines = text.trim().split(/\r?\n/);
  const names = lines.map((line) => line.trim().replace(/^n\d{8}\s+/, ""));
  if (names.some((name) => name === "" || name.length > longestName)) return undefined;
  return withoutNumbers(names).names;
}
