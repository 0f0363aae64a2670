/** @file Names of classes in the ways that tools write them: lists, and dictionaries from numbers to names or back. */
import { readLiteral, type Literal } from "./python-literal.ts";

/** Keys under which configurations keep names of classes, the most telling first. */
const holders = [
  "id2label",
  "label2id",
  "label_names",
  "names",
  "class_names",
  "classes",
  "labels",
  "categories",
] as const;

/** Whether a key of metadata holds names of classes: those of `holders`, in any letters. */
export function isNamesKey(key: string): boolean {
  return rankOfKey(key) >= 0;
}

/** The place of a key in the order of trust; -1 for others. */
export function rankOfKey(key: string): number {
  return holders.findIndex((holder) => holder === key.toLowerCase());
}

/**
 * The names of classes in a text: a list of names; of objects with a `name`; a dictionary from class number to name
 * (or to a list that ends in one, as Keras has it), or from name to class number; or an object with one of these under
 * a key such as `id2label`. JSON and Python's spelling. Undefined if it is none of them, or a class has no name.
 */
export function namesInText(text: string): readonly string[] | undefined {
  const value = readLiteral(text);
  return value === undefined ? undefined : namesIn(value);
}

function namesIn(value: Literal): readonly string[] | undefined {
  if (Array.isArray(value)) return allOf((value as readonly Literal[]).map(nameOf));
  if (!(value instanceof Map)) return undefined;
  const entries = value as ReadonlyMap<string, Literal>;
  return byNumber(entries) ?? byName(entries) ?? held(entries);
}

function nameOf(value: Literal): string | undefined {
  if (typeof value === "string") return value;
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
function byNumber(entries: ReadonlyMap<string, Literal>): readonly string[] | undefined {
  return allOf(Array.from({ length: entries.size }, (_, i) => nameOf(entries.get(`${i}`) ?? null)));
}

/** {"cat": 0, "dog": 1}; numbers may be texts. */
function byName(entries: ReadonlyMap<string, Literal>): readonly string[] | undefined {
  const names = Array<string | undefined>(entries.size).fill(undefined);
  for (const [name, value] of entries) {
    const isNumber =
      typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
    if (!isNumber || !Object.hasOwn(names, Number(value))) return undefined;
    names[Number(value)] = name;
  }
  return allOf(names);
}

function held(entries: ReadonlyMap<string, Literal>): readonly string[] | undefined {
  for (const holder of holders) {
    const inside = entries.get(holder);
    const names = inside === undefined || inside === null ? undefined : namesIn(inside);
    if (names && !isPlaceholder(names)) return names;
  }
  return undefined;
}

/** Transformers numbers classes that have no names. */
function isPlaceholder(names: readonly string[]): boolean {
  return names.every((name, i) => name === `LABEL_${i}`);
}
