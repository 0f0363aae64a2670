/** @file One number for how good a network that tells of places or objects is. */

/** What such a network is judged by. */
export interface Quality {
  readonly measure: "mean IoU" | "mAP50";
  /** Mean over the classes, in 0..1. */
  readonly value: number;
  /** Of each class; null where the data hold none of it. */
  readonly classes: readonly (number | null)[];
}

/** Quality as the mean of those classes that there are. */
export function qualityOf(measure: Quality["measure"], classes: Quality["classes"]): Quality {
  const known = classes.filter((value) => value !== null);
  const sum = known.reduce((total, value) => total + value, 0);
  return { measure, value: sum / Math.max(known.length, 1), classes };
}
