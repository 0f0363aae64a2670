/** @file The pictures of a folder, with their classes where its sub-folders are some. */
import { LimpidError } from "../errors.ts";
import { joinPath } from "../wording/paths.ts";
import {
  heldOutNames,
  listPictures,
  readClasses,
  sorted,
  subfolders,
  trainingNames,
  type ClassFiles,
} from "./pictures.ts";
import type { Platform } from "./platform.ts";

/** Pictures in a fixed order. */
export interface PictureFolder {
  readonly paths: readonly string[];
  /** Where sub-folders are classes: their names, and the class of each picture. */
  readonly classes?: readonly string[];
  readonly labels?: readonly number[];
}

/**
 * The pictures that lie in a folder, sorted by name; or, if there are none, those of its sub-folders, each of which is
 * a class (FOLDER/CLASS/*), also below parts of a data set (FOLDER/train/CLASS/* and the like, which are put
 * together). Throws `bad-file` where there are none.
 */
export async function openPictureFolder(
  platform: Pick<Platform, "find" | "list">,
  path: string,
): Promise<PictureFolder> {
  const paths = await listPictures(platform, path);
  if (paths.length > 0) return { paths };
  const parts = await subfolders(platform, path);
  if (parts.length === 0) {
    throw new LimpidError(
      "bad-file",
      `read: folder "${path}" must hold pictures, or sub-folders of them as classes, got neither.`,
    );
  }
  const areParts = parts.every((part) => [...trainingNames, ...heldOutNames].includes(part));
  if (!areParts) return labelled(await readClasses(platform, path));
  const all = parts.map((part) => readClasses(platform, joinPath(path, part)));
  return labelled((await Promise.all(all)).flat());
}

/** Files, with folders replaced by their pictures or those of the classes in them. Throws as `openPictureFolder`. */
export async function photoPaths(
  platform: Pick<Platform, "find" | "list">,
  asked: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of asked) {
    const info = await platform.find(path);
    const paths =
      info?.kind === "folder" ? (await openPictureFolder(platform, path)).paths : [path];
    for (const each of paths) found.push(each);
  }
  return [...new Set(found)];
}

/** So many of a list at even distances from the first on, all of a shorter one. */
export function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]!);
}

/** Classes of one name are one. */
function labelled(parts: readonly ClassFiles[]): PictureFolder {
  const classes = sorted([...new Set(parts.map(({ name }) => name))]);
  const entries = classes.flatMap((name, label) =>
    parts
      .filter((part) => part.name === name)
      .flatMap(({ paths }) => paths.map((path) => ({ path, label }))),
  );
  return {
    paths: entries.map((entry) => entry.path),
    classes,
    labels: entries.map((entry) => entry.label),
  };
}
