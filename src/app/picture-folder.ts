/** @file The pictures of a folder, with their classes where its sub-folders are some. */
import { join } from "node:path";
import { LimpidError } from "../errors.ts";
import {
  heldOutNames,
  isPicture,
  listed,
  readClasses,
  sorted,
  subfolders,
  trainingNames,
  type ClassFiles,
} from "./train/data-folder.ts";

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
export async function openPictureFolder(path: string): Promise<PictureFolder> {
  const names = sorted((await listed(path)).filter(isPicture));
  if (names.length > 0) return { paths: names.map((name) => join(path, name)) };
  const parts = await subfolders(path);
  if (parts.length === 0) {
    throw new LimpidError(
      "bad-file",
      `read: folder "${path}" must hold pictures, or sub-folders of them as classes, got neither.`,
    );
  }
  const areParts = parts.every((part) => [...trainingNames, ...heldOutNames].includes(part));
  if (!areParts) return labelled(await readClasses(path));
  return labelled((await Promise.all(parts.map((part) => readClasses(join(path, part))))).flat());
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
