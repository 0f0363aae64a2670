/** @file Mutations of JSON: keys, types, numbers, depth; texts that are none are changed as texts. */
import { readJson } from "../../../src/wording/read-json.ts";
import { rearranged, type Draw, type Mutation } from "./draw.ts";
import { changedText, numberTexts, oddWord } from "./text.ts";

/** A value as it is written, so that keys may come twice and numbers be any. */
type Written =
  | { readonly kind: "raw"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly Written[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, Written])[] };

function writtenOf(value: unknown): Written {
  if (Array.isArray(value)) return { kind: "list", items: value.map(writtenOf) };
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => [key, writtenOf(inner)] as const);
    return { kind: "object", entries };
  }
  return { kind: "raw", text: JSON.stringify(value) };
}

function textOf(value: Written): string {
  if (value.kind === "raw") return value.text;
  if (value.kind === "list") return `[${value.items.map(textOf).join(",")}]`;
  return `{${value.entries.map(([key, inner]) => `${JSON.stringify(key)}:${textOf(inner)}`).join(",")}}`;
}

/** One change somewhere in a value. */
function changedValue(value: Written, draw: Draw): Written {
  if (value.kind === "raw" || draw.chance(0.1)) return replacedValue(value, draw);
  if (value.kind === "list") {
    if (value.items.length === 0 || draw.chance(0.25))
      return { kind: "list", items: otherItems(value.items, draw) };
    const at = draw.below(value.items.length);
    return { kind: "list", items: value.items.with(at, changedValue(value.items[at]!, draw)) };
  }
  if (value.entries.length === 0 || draw.chance(0.2)) {
    return { kind: "object", entries: otherEntries(value.entries, draw) };
  }
  const at = draw.below(value.entries.length);
  const [key, inner] = value.entries[at]!;
  const entry = draw.chance(0.1)
    ? ([changedText(key, draw), inner] as const)
    : ([key, changedValue(inner, draw)] as const);
  return { kind: "object", entries: value.entries.with(at, entry) };
}

function otherItems(items: readonly Written[], draw: Draw): readonly Written[] {
  return draw.chance(0.2) ? [...items, plainValue(draw)] : rearranged(items, draw);
}

function otherEntries(
  entries: readonly (readonly [string, Written])[],
  draw: Draw,
): readonly (readonly [string, Written])[] {
  if (draw.chance(0.4)) return [...entries, [oddWord(draw), plainValue(draw)]];
  return rearranged(entries, draw);
}

function replacedValue(value: Written, draw: Draw): Written {
  if (draw.chance(0.1)) return wrapped(value, draw);
  const isText = value.kind === "raw" && value.text.startsWith('"');
  if (isText && draw.chance(0.6)) {
    const text = JSON.parse((value as { text: string }).text) as string;
    return { kind: "raw", text: JSON.stringify(changedText(text, draw)) };
  }
  return plainValue(draw);
}

/** In lists, some or very many. */
function wrapped(value: Written, draw: Draw): Written {
  const times = draw.of([1, 2, 50, 99, 101, 3000]);
  const key = oddWord(draw).slice(0, 8);
  const [open, close] = draw.chance(0.5) ? ["[", "]"] : [`{${JSON.stringify(key)}:`, "}"];
  return { kind: "raw", text: open.repeat(times) + textOf(value) + close.repeat(times) };
}

function plainValue(draw: Draw): Written {
  const text = draw.of([
    () => draw.of(numberTexts),
    () => draw.of(numberTexts),
    () => JSON.stringify(oddWord(draw)),
    () =>
      draw.of(["null", "true", "false", "[]", "{}", '""', "[[]]", "[null]", '{"__proto__":{}}']),
    () =>
      `[${Array(1 + draw.below(40))
        .fill(draw.of(numberTexts))
        .join(",")}]`,
  ])();
  return { kind: "raw", text };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One change of bytes that are JSON. */
export const mutateJson: Mutation = (bytes, draw) =>
  encoder.encode(changedJson(decoder.decode(bytes), draw));

/** One change of a text that is JSON. */
export function changedJson(text: string, draw: Draw): string {
  if (draw.chance(0.1)) return changedText(text, draw);
  const read = readJson(text);
  return "fault" in read
    ? changedText(text, draw)
    : textOf(changedValue(writtenOf(read.value), draw));
}
