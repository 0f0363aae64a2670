/** @file What the page says of files: those that are dropped, and those that a recipe reads. */

/** A file with its path within what was dropped or chosen: copies of a `File` for a worker do not keep it. */
export interface PathedFile {
  /** The path. */
  readonly name: string;
  readonly data: File;
}

/** What a command line knows of a network beside its files. */
export interface KnownModel {
  /** By which the command knows it; undefined where that is its path. */
  readonly name?: string;
  /** By the keys of a model's metadata; its own file has a say over it. */
  readonly metadata: readonly (readonly [key: string, value: string])[];
  /** What is to be said of how it came, a sentence each. */
  readonly notes?: readonly string[];
}

/** What is given of a network beside its own files. */
export interface BesideModel {
  readonly known?: KnownModel;
  /** A file with the names of its classes, whatever the network says. */
  readonly names?: PathedFile;
  /** A file of weights that take the place of the network's own. */
  readonly weights?: PathedFile;
}

/** Files to sort. */
export interface SortRequest {
  readonly files: readonly PathedFile[];
  /** Paths of pictures that were dropped before, of which tables may tell. */
  readonly before: readonly string[];
}

/** What files are, by their bytes where these tell it. */
export interface SortedFiles {
  /** Those of archives are unpacked, and lie in a folder that is called like the archive. */
  readonly pictures: readonly PathedFile[];
  /** How many pictures of archives were left packed. */
  readonly packed: number;
  /** Tables that tell the classes of these pictures, or of those before. */
  readonly truth: readonly PathedFile[];
  /** Tables that are taken for names of classes though pictures are there that they could tell of. */
  readonly asNames: readonly PathedFile[];
  /** Networks, and parts of them. */
  readonly parts: readonly PathedFile[];
  readonly weights: readonly PathedFile[];
  /** Names of classes, also those of tables, and what hubs say of a network beside it. */
  readonly beside: readonly PathedFile[];
  /** Of files that are nothing of that. */
  readonly others: readonly string[];
}

/** How the command and the library are given the open network. */
export interface ModelRecipe {
  /** A name that they know, or a file's. */
  readonly network: string;
  /** Whether it is a file of the page's own, which must be saved first. */
  readonly isOfPage: boolean;
  readonly labels?: string;
  readonly weights?: string;
}
