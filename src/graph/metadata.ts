/** @file Where a model's metadata keeps what Limpid writes there, and what was found in files beside the model. */

/** Keys of Limpid's own metadata. */
export const metadataKeys = {
  /** A `Preprocessing` as JSON. */
  preprocessing: "limpid.preprocessing",
  /** The name of a preprocessing that most networks of the file's format take. */
  usualPreprocessing: "limpid.usual-preprocessing",
  /** Names of the classes as a JSON list. */
  classes: "limpid.classes",
  /** Files beside the model that may name its classes, as a JSON list of [name, text]; kept while it is open. */
  labelFiles: "limpid.beside/label files",
  /** What reading the file assumed, left out or computes otherwise, as a JSON list of sentences. */
  reading: "limpid.reading",
  /** How the network was trained, as JSON. */
  training: "limpid.training",
} as const;

/** Files beside a model in which its hub says how it is used, the most telling first. */
export const besideNames = [
  "preprocessor_config.json",
  "processor_config.json",
  "config.json",
] as const;

export type BesideName = (typeof besideNames)[number];

/** The key under which the text of a file beside the model is kept while the model is open. */
export function besideKey(name: BesideName): string {
  return `limpid.beside/${name}`;
}
