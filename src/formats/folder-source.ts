/** @file Files that belong together: a folder, an archive, or files that were handed in. */
import type { ByteSource } from "./source.ts";

/** Files by their paths from a folder on. */
export interface FolderSource {
  /** What messages call it: a path, or an archive's name. */
  readonly name: string;
  /** Paths of all files from the folder on, with `/`, in no order. */
  readonly files: readonly string[];
  /**
   * A file of `files`. Its parts (`beside`) lie at their paths from its own folder in this one. Throws `bad-file` for
   * one that must not be read.
   */
  file(path: string): Promise<ByteSource>;
}
