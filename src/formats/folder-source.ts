/** @file Files that belong together: a folder, an archive, or files that were handed in. */
import { LimpidError } from "../errors.ts";
import { baseName, folderOf, joinPath } from "../wording/paths.ts";
import { requireInside, type ByteSource } from "./source.ts";

/** Files by their paths from a folder on. */
export interface FolderSource {
  /** What messages call it: a path, or an archive's name. */
  readonly name: string;
  /** Paths of all files from the folder on, with `/`, in no order. */
  readonly files: readonly string[];
  /**
   * A file of `files`. Its parts (`beside`) lie at their paths from its own folder in this one, or where the file finds
   * them by itself. Throws `bad-file` for one that must not be read.
   */
  file(path: string): Promise<ByteSource>;
}

/** Opens one of a folder's files, which the folder names, and whose parts it finds if the file does not. */
export type OpenFile = () => Promise<Omit<ByteSource, "name" | "beside"> & Partial<ByteSource>>;

/**
 * Files by their paths, with `/` and without `..`. What systems leave in folders for themselves is passed over; files
 * that all lie in one single folder are those of that folder.
 */
export function folderSource(name: string, files: ReadonlyMap<string, OpenFile>): FolderSource {
  const kept = [...files].filter(([path]) => !isOfSystem(path));
  const top = topFolder(kept.map(([path]) => path));
  const opened = new Map(kept.map(([path, open]) => [path.slice(top.length), open]));
  const file = async (path: string): Promise<ByteSource> => {
    const open = opened.get(path);
    if (!open) {
      throw new LimpidError("bad-file", `read: "${path}" must be in the folder, got no such file.`);
    }
    const beside = async (location: string) => {
      requireInside(location);
      const part = joinPath(folderOf(path), location);
      return opened.has(part) ? file(part) : undefined;
    };
    return { beside, ...(await open()), name: joinPath(name, path) };
  };
  return { name, files: [...opened.keys()], file };
}

function isOfSystem(path: string): boolean {
  const name = baseName(path);
  return path.startsWith("__MACOSX/") || name === ".DS_Store" || name.startsWith("._");
}

/** The folder with its "/" in which all files lie; "" if there is no single one. */
function topFolder(paths: readonly string[]): string {
  const first = paths[0] ?? "";
  const top = first.slice(0, first.indexOf("/") + 1);
  return paths.every((path) => path.startsWith(top)) ? top : "";
}
