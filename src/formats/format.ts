/** @file What a format of models is: how it is known, and opened. */
import type { Graph } from "../graph/graph.ts";
import type { preprocessings } from "../image/preprocess.ts";
import type { FolderSource } from "./folder-source.ts";
import type { ByteSource } from "./source.ts";

/**
 * A format of models: of one file with what lies beside it, of the files of a folder, or both. All are asked, and one
 * opens, so that a row imports what recognises a file and leaves its reader to be imported then.
 */
export interface Format {
  /** For messages, with its article. */
  readonly name: string;
  /** The preprocessing of `preprocessings` that most networks of the format take where nothing says it. */
  readonly usualPreprocessing?: keyof typeof preprocessings;
  /** How a file that somebody names is known and opened. */
  readonly file?: {
    /**
     * Whether a file of that name that starts with these bytes (256, if there are so many) should be of the format;
     * `perhaps` where they tell so little that any kind of file that is known by its own comes before it.
     */
    matches(start: Uint8Array, name: string): boolean | "perhaps";
    /** The graph of a file. Throws `bad-file`, also for weights that are NaN or infinite. */
    open(source: ByteSource): Promise<Graph>;
  };
  /** How a folder, an archive or a set of files is known and opened. */
  readonly folder?: {
    /** Whether files of these paths from the folder on are a model of the format. */
    matches(files: readonly string[]): boolean;
    /** The graph of a folder's files. Throws as that of a file. */
    open(folder: FolderSource): Promise<Graph>;
  };
}
