/** @file Names of classes from files beside a model, where one of them has as many names as there are classes. */
import type { Graph } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { readJson } from "../../wording/read-json.ts";
import { namesInFile } from "./class-names.ts";

/** Names and the file that has them. */
export interface FileNames {
  readonly names: readonly string[];
  readonly file: string;
}

/**
 * The files beside a model that name so many classes, each with other names. Those that only number them, as by
 * ImageNet's synsets, are left out where another has words.
 */
export function labelFilesOf(metadata: Graph["metadata"], classes: number): readonly FileNames[] {
  const fitting = filesIn(metadata).flatMap(([file, text]): FileNames[] => {
    const names = namesInFile(text);
    return names?.length === classes ? [{ file, names }] : [];
  });
  const worded = fitting.filter(({ names }) => !names.every((name) => /^n?\d+$/.test(name)));
  const best = worded.length > 0 ? worded : fitting;
  const seen = new Set<string>();
  return best.filter(({ names }) => {
    const key = JSON.stringify(names);
    return !seen.has(key) && seen.add(key);
  });
}

function filesIn(metadata: Graph["metadata"]) {
  const read = readJson(metadata.get(metadataKeys.labelFiles) ?? "[]");
  return "fault" in read || !areFiles(read.value) ? [] : read.value;
}

/** Checked by hand: a first map waits for all code that it needs, of which schemas would be much. */
function areFiles(value: unknown): value is readonly (readonly [name: string, text: string])[] {
  const isFile = (each: unknown) =>
    Array.isArray(each) && each.length === 2 && each.every((part) => typeof part === "string");
  return Array.isArray(value) && value.every(isFile);
}
