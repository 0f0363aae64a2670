/** @file What Limpid writes into a model's metadata, and reads again. */

/** Keys of Limpid's own metadata. */
export const metadataKeys = {
  /** A `Preprocessing` as JSON. */
  preprocessing: "limpid.preprocessing",
  /** Names of the classes as a JSON list. */
  classes: "limpid.classes",
  /** How the network was trained, as JSON. */
  training: "limpid.training",
} as const;
