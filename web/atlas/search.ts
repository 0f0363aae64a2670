/** @file What of an atlas words and numbers mean: layers, units of layers, classes. */
import type { AtlasIndex, AtlasLayer } from "../../src/atlas/site/site-data.ts";

export type Found =
  | { readonly kind: "layer"; readonly layer: AtlasLayer }
  | FoundUnit
  | { readonly kind: "class"; readonly number: number; readonly name: string };

export interface FoundUnit {
  readonly kind: "unit";
  readonly layer: AtlasLayer;
  readonly unit: number;
  /** Why it was found, where that is not its number. */
  readonly label?: string;
}

/** Of a kind, so that one kind leaves room for others. */
const mostOfKind = 6;

/**
 * What a query finds, the best first of each kind. Words are parts of names, in any order and case; a number behind
 * them, or alone, is a unit: "4a 35", "inception_4c:12", "35". A number alone is of the layer that is looked at before
 * others, and of the class of that number too.
 */
export function search(
  { layers, classes = [] }: Pick<AtlasIndex, "layers"> & Partial<Pick<AtlasIndex, "classes">>,
  query: string,
  current?: string,
): readonly Found[] {
  const text = folded(query).trim();
  if (text === "") return [];
  const { words, unit } = parted(text);
  const named = ranked(layers, ({ name }) => name, wordsOf(text));
  const ofUnit = unit === undefined ? [] : layersOfUnit(layers, words, unit, current);
  const ofLayers: readonly Found[] = named.map((layer) => ({ kind: "layer", layer }));
  const units: readonly Found[] = ofUnit.map((layer) => ({ kind: "unit", layer, unit: unit! }));
  const numbered = classes.map((name, number) => ({ name, number }));
  const byName = ranked(numbered, ({ name }) => name, wordsOf(text));
  const byNumber = words.length === 0 && unit !== undefined ? numbered.slice(unit, unit + 1) : [];
  const ofClasses = [...byNumber, ...byName.filter((each) => !byNumber.includes(each))];
  return [
    // A name that ends with a number, such as "conv 2", is a layer first.
    ...(unit === undefined || isExact(named[0], text) ? [ofLayers, units] : [units, ofLayers]),
    ofClasses.map((each): Found => ({ kind: "class", ...each })),
  ].flatMap((kind) => kind.slice(0, mostOfKind));
}

function isExact(layer: AtlasLayer | undefined, text: string): boolean {
  return layer !== undefined && folded(layer.name) === text;
}

/** The number at the end, parted from what is before it by a blank or by one of : / # , @ or -. */
function parted(text: string): { readonly words: readonly string[]; readonly unit?: number } {
  const found = /^(?:(.*)[\s:/#,@-])?\s*(\d{1,9})$/s.exec(text);
  if (!found) return { words: wordsOf(text) };
  return { words: wordsOf(found[1] ?? ""), unit: Number(found[2]) };
}

function layersOfUnit(
  layers: readonly AtlasLayer[],
  words: readonly string[],
  unit: number,
  current: string | undefined,
): readonly AtlasLayer[] {
  const having = layers.filter(({ channels }) => unit < channels);
  if (words.length > 0) return ranked(having, ({ name }) => name, words);
  return having.toSorted((a, b) => Number(b.folder === current) - Number(a.folder === current));
}

/** The numbers of those names that hold every word of a query, the best first; ranked as layers and classes are. */
export function namesFound(names: readonly string[], query: string): readonly number[] {
  const words = wordsOf(folded(query));
  return ranked([...names.keys()], (number) => names[number]!, words);
}

/** Those whose name holds every word; whole names first, then those that begin so, then those where a word begins so. */
function ranked<T>(
  all: readonly T[],
  nameOf: (each: T) => string,
  words: readonly string[],
): readonly T[] {
  if (words.length === 0) return [];
  return all
    .map((each) => ({ each, rank: rankOf(folded(nameOf(each)), words) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ each }) => each);
}

function rankOf(name: string, words: readonly string[]): number {
  if (!words.every((word) => name.includes(word))) return Number.POSITIVE_INFINITY;
  if (name === words.join(" ")) return 0;
  if (name.startsWith(words[0]!)) return 1;
  return words.every((word) => beginsAWord(name, word)) ? 2 : 3;
}

function beginsAWord(name: string, word: string): boolean {
  for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1))
    if (at === 0 || !/[\p{L}\p{N}]/u.test(name[at - 1]!)) return true;
  return false;
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
