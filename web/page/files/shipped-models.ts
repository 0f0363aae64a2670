/** @file The networks that come with the page, by name; what they know is said in the page's texts. */

export const shippedModels = [
  "pets",
  "shapes-detect",
  "shapes-segment",
  "mnist",
  "cats-dogs",
] as const;

export type ShippedModel = (typeof shippedModels)[number];

/** Those that the command and the library know by their names; the names of the others are those of data sets there. */
export const namesOfCommand: ReadonlySet<string> = new Set([
  "pets",
  "shapes-detect",
  "shapes-segment",
]);
