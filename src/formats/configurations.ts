/** @file What hubs put beside a model: configurations that say how its pictures are prepared and what its classes are called. */
import { besideKey, besideNames } from "../graph/metadata.ts";
import { baseName, folderOf, joinPath } from "../wording/paths.ts";

/** Larger files are no configurations. */
export const mostConfigurationBytes = 2 ** 24;

/**
 * The texts of configurations beside a model, by the keys under which its metadata keeps them; of a model in a folder
 * "onnx", as hubs for browsers have it, also those beside that folder. `textOf` gives undefined where there is none.
 */
export async function configurationsBeside(
  path: string,
  textOf: (path: string) => Promise<string | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const folder = folderOf(path);
  const folders = [folder, ...(baseName(folder) === "onnx" ? [folderOf(folder)] : [])];
  const found = new Map<string, string>();
  for (const name of besideNames) {
    for (const each of folders) {
      const text = await textOf(joinPath(each, name));
      if (text !== undefined && !found.has(besideKey(name))) found.set(besideKey(name), text);
    }
  }
  return found;
}
