/** @file The networks that come with the page, by name; what they know is said in the page's texts. */

export const shippedModels = [
  "pets",
  "shapes-detect",
  "shapes-segment",
  "mnist",
  "cats-dogs",
] as const;

export type ShippedModel = (typeof shippedModels)[number];
