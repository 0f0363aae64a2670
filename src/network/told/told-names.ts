/** @file Names of classes that other tools keep in a model's metadata or beside it, and what of them cannot be read. */
import type { Graph } from "../../graph/graph.ts";
import { besideKey } from "../../graph/metadata.ts";
import {
  isPlaceholder,
  listedNames,
  numberedNamesIn,
  rankOfKey,
  type NumberedNames,
} from "./class-names.ts";
import { readLiteral } from "./python-literal.ts";

/** Names, and where they are, as a sentence begins. */
export interface ToldNames extends NumberedNames {
  readonly from: string;
}

/** What was found, the most trusted first, and why other keys that should hold names were not read. */
export interface FoundNames {
  readonly found: readonly ToldNames[];
  readonly unread: readonly string[];
}

/** All names of classes that metadata hold in the words of other tools. */
export function toldNames(metadata: Graph["metadata"]): FoundNames {
  const keys = [...metadata.keys()].filter((key) => !key.startsWith("limpid."));
  const named = keys
    .filter((key) => rankOfKey(key) >= 0)
    .toSorted((a, b) => rankOfKey(a) - rankOfKey(b));
  const found: ToldNames[] = [];
  const unread: string[] = [];
  for (const key of named) {
    const text = metadata.get(key)!;
    const names = numberedNamesIn(text) ?? listedNames(text);
    if (names && !isPlaceholder(names.names)) {
      found.push({ ...names, from: `"${key}" of its metadata` });
    } else
      unread.push(
        `"${key}" of its metadata is not read: ${names ? "its names are only numbers" : reasonOf(text)}`,
      );
  }
  for (const key of keys.filter((other) => !named.includes(other))) {
    const names = namesOfObject(metadata.get(key)!);
    if (names) found.push({ ...names, from: `"${key}" of its metadata` });
  }
  const beside = namesOfObject(metadata.get(besideKey("config.json")) ?? "");
  if (beside) found.push({ ...beside, from: "config.json beside the model" });
  return { found, unread };
}

/** Of an object that holds names under a key of its own; others may be about anything. */
function namesOfObject(text: string): NumberedNames | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const value = readLiteral(text);
  const isHolding = value instanceof Map && [...value.keys()].some((key) => rankOfKey(key) >= 0);
  return isHolding ? numberedNamesIn(text) : undefined;
}

function reasonOf(text: string): string {
  const value = readLiteral(text);
  if (typeof value === "number") return `it is the number ${value}`;
  if (value instanceof Map) return "its numbers do not count every class from 0 or 1 once";
  if (text.trim() === "") return "it is empty";
  return "it is no list of names, one for each class";
}
