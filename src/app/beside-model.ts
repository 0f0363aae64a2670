/** @file What hubs put beside a model: configurations that say how its pictures are prepared and what its classes are called. */
import { isFailure } from "../errors.ts";
import { besideKey, besideNames } from "../graph/metadata.ts";
import { baseName, folderOf, joinPath } from "../wording/paths.ts";
import type { Platform } from "./platform.ts";

/** Larger files are no configurations. */
const mostBytes = 2 ** 24;

/**
 * The texts of configurations beside a model, by the keys under which its metadata keeps them; of a model in a folder
 * "onnx", as hubs for browsers have it, also those beside that folder. Files that cannot be read are left out.
 */
export async function metadataBeside(
  platform: Pick<Platform, "find" | "source">,
  path: string,
): Promise<ReadonlyMap<string, string>> {
  const folder = folderOf(path);
  const folders = [folder, ...(baseName(folder) === "onnx" ? [folderOf(folder)] : [])];
  const found = new Map<string, string>();
  for (const name of besideNames) {
    for (const each of folders) {
      const text = await textOf(platform, joinPath(each, name));
      if (text !== undefined && !found.has(besideKey(name))) found.set(besideKey(name), text);
    }
  }
  return found;
}

async function textOf(
  platform: Pick<Platform, "find" | "source">,
  path: string,
): Promise<string | undefined> {
  const info = await platform.find(path);
  // Pipes and devices have no size, and would be waited for.
  if (info?.kind !== "file" || info.size === 0 || info.size > mostBytes) return undefined;
  try {
    const source = await platform.source(path);
    return new TextDecoder().decode(await source.read(0, info.size));
  } catch (error) {
    if (!isFailure(error)) throw error;
    return undefined;
  }
}
