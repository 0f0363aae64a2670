/** @file The pictures of a folder: which names are some, in which order, and sub-folders as their classes. */
import { LimpidError } from "../errors.ts";
import { extensionOf, joinPath } from "../wording/paths.ts";
import type { Platform } from "./platform.ts";

type Lister = Pick<Platform, "find" | "list">;

/** What is read as a picture, and the endings of its files' names; other files of a folder are passed over. */
const formats = {
  JPEG: [".jpg", ".jpeg"],
  PNG: [".png"],
  WebP: [".webp"],
  GIF: [".gif"],
  BMP: [".bmp"],
  TIFF: [".tif", ".tiff"],
  AVIF: [".avif"],
} as const;

/** "JPEG, PNG, ...", for those who ask. */
export const pictureFormats = Object.keys(formats).join(", ");

const endings: readonly string[] = Object.values(formats).flat();

/** What systems put beside pictures: archives of macOS, network disks, bins. */
const systemFolder =
  /(^|[\\/])(__MACOSX|@eaDir|\$RECYCLE\.BIN|System Volume Information)($|[\\/])/i;

/** Sub-folders that are parts of a data set, not classes. */
export const trainingNames = ["train", "training"];
export const heldOutNames = ["validation", "val", "valid", "test"];

/** A class and the paths of its pictures, sorted. */
export interface ClassFiles {
  readonly name: string;
  readonly paths: readonly string[];
}

/** Whether a file is a picture by its name; hidden ones and those in folders of the system are not. */
export function isPicture(name: string): boolean {
  return !isHidden(name) && endings.includes(extensionOf(name).toLowerCase());
}

/** Endings of files of numbers that are no pictures. */
const arrayEndings = [".npy", ".nii", ".nii.gz"];

/**
 * Paths of the pictures in a folder or, where there are none, of its files of numbers, sorted. Throws as `listPictures`.
 */
export async function listShown(platform: Lister, folder: string): Promise<readonly string[]> {
  const pictures = await listPictures(platform, folder);
  if (pictures.length > 0) return pictures;
  const names = (await listed(platform, folder, false)).filter(isArray);
  return sorted(names).map((name) => joinPath(folder, name));
}

function isArray(name: string): boolean {
  return !isHidden(name) && arrayEndings.some((ending) => name.toLowerCase().endsWith(ending));
}

function isHidden(name: string): boolean {
  return /(^|[\\/])\./.test(name) || systemFolder.test(name);
}

/** Names by their code units, which is the same order everywhere. */
export function sorted(names: readonly string[]): readonly string[] {
  return names.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * Paths of the pictures in a folder, sorted; with `recursive` also those of folders in it. Throws `bad-file` unless
 * it is a folder.
 */
export async function listPictures(
  platform: Lister,
  folder: string,
  recursive = false,
): Promise<readonly string[]> {
  const names = (await listed(platform, folder, recursive)).filter(isPicture);
  return sorted(names).map((name) => joinPath(folder, name));
}

/**
 * Names of the folders within one, also those that are links, sorted; hidden ones and those of the system are passed
 * over. Throws as `listPictures`.
 */
export async function subfolders(platform: Lister, folder: string): Promise<readonly string[]> {
  const names = (await listed(platform, folder, false)).filter((name) => !isHidden(name));
  const infos = await Promise.all(names.map((name) => platform.find(joinPath(folder, name))));
  return sorted(names.filter((_, i) => infos[i]?.kind === "folder"));
}

/** One class a sub-folder, sorted by name. Throws `bad-file` unless there are two, each with pictures. */
export async function readClasses(
  platform: Lister,
  folder: string,
): Promise<readonly ClassFiles[]> {
  const names = await subfolders(platform, folder);
  if (names.length < 2) {
    const got = names.length === 0 ? "none" : `only "${names[0]}"`;
    throw badFolder(folder, `must hold a sub-folder for each of at least two classes, got ${got}.`);
  }
  return Promise.all(
    names.map(async (name) => {
      const paths = await listPictures(platform, joinPath(folder, name), true);
      if (paths.length > 0) return { name, paths };
      throw badFolder(
        joinPath(folder, name),
        `must hold pictures (${endings.join(" ")}), got none.`,
      );
    }),
  );
}

/** What to say of a folder that is no data set. */
export function badFolder(path: string, what: string): LimpidError {
  return new LimpidError("bad-file", `data: the folder "${path}" ${what}`);
}

async function listed(platform: Lister, folder: string, recursive: boolean) {
  try {
    return await platform.list(folder, recursive);
  } catch (cause) {
    const kind = (await platform.find(folder))?.kind;
    const reason =
      kind === undefined
        ? "no such folder"
        : kind === "file"
          ? "a file"
          : "one that cannot be read";
    throw new LimpidError("bad-file", `data: "${folder}" must be a folder, got ${reason}.`, {
      cause,
    });
  }
}
