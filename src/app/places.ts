/** @file Whether a path that results go to is a file or a folder. */
import { extensionOf } from "../wording/paths.ts";
import type { Platform } from "./platform.ts";

/** A folder is what exists as one, or has no ending. */
export async function isFolderPath(
  platform: Pick<Platform, "find">,
  path: string,
): Promise<boolean> {
  const info = await platform.find(path);
  return info ? info.kind === "folder" : /[\\/]$/.test(path) || extensionOf(path) === "";
}
