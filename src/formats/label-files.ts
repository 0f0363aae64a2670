/** @file Files beside a model that may name its classes, by what people call them. */
import { metadataKeys } from "../graph/metadata.ts";
import { baseName, folderOf } from "../wording/paths.ts";

/** Larger files name no classes: 20,000 names are half of it. */
const mostBytes = 2 ** 20;

/** So many are looked into. */
const mostFiles = 8;

/** Whether people call a file so that holds names of classes: labels.txt, coco.names, synset_words.txt, class_indices.json. */
export function isLabelFile(path: string): boolean {
  const name = baseName(path);
  return (
    /(labels?|class(es)?|names|synsets?|categor)/i.test(name) &&
    /\.(txt|names|labels|json|csv|lst)$/i.test(name)
  );
}

/**
 * The texts of such files beside a model, as an entry of its metadata; nothing where there is none. `paths` are those
 * of all files that lie there, and `textOf` reads one of at most so many bytes.
 */
export async function labelFilesBeside(
  model: string,
  paths: readonly string[],
  textOf: (path: string, mostBytes: number) => Promise<string | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const near = paths.filter((path) => folderOf(path) === folderOf(model) && isLabelFile(path));
  const found: [string, string][] = [];
  for (const path of near.toSorted().slice(0, mostFiles)) {
    const text = await textOf(path, mostBytes);
    if (text !== undefined && text.trim() !== "") found.push([baseName(path), text]);
  }
  return new Map(found.length > 0 ? [[metadataKeys.labelFiles, JSON.stringify(found)]] : []);
}
