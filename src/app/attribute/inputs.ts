/** @file The files that are explained: pictures, tensors, and folders of pictures. */
import { LimpidError } from "../../errors.ts";
import { baseName, extensionOf } from "../../wording/paths.ts";
import { uniqueFileNames } from "../../wording/file-names.ts";
import type { Platform } from "../platform.ts";
import { listShown } from "../pictures.ts";
import { resultsName } from "./places.ts";

/** A file and the name that its results have, unique among all. */
export interface AttributeInput {
  readonly path: string;
  readonly name: string;
}

/**
 * The files, with folders replaced by the pictures in them or else their files of numbers, sorted by name. Files that are missing are found out
 * when they are read. Throws `bad-file` for a folder without either.
 */
export async function attributeInputs(
  platform: Pick<Platform, "find" | "list">,
  paths: readonly string[],
): Promise<readonly AttributeInput[]> {
  const files: string[] = [];
  for (const path of paths) {
    const info = await platform.find(path);
    const found = info?.kind === "folder" ? await picturesOf(platform, path) : [path];
    for (const each of found) files.push(each);
  }
  const names = uniqueFileNames(
    files.map((path) => baseName(path, extensionOf(path))),
    { taken: [resultsName] },
  );
  return files.map((path, i) => ({ path, name: names[i]! }));
}

async function picturesOf(
  platform: Pick<Platform, "find" | "list">,
  folder: string,
): Promise<readonly string[]> {
  const paths = await listShown(platform, folder);
  if (paths.length > 0) return paths;
  throw new LimpidError(
    "bad-file",
    `read: folder "${folder}" must hold pictures or files of numbers, got neither. give another folder, or files.`,
  );
}
