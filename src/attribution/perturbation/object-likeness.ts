/** @file How much a found object is like the one that is sought, as D-RISE measures it. */
import { overlapOf } from "../../network/detection/suppression.ts";
import type { FoundObject } from "../../scores/sought-objects.ts";

/**
 * The likeness of a proposal to a sought object, 0 to 1 (Petsiuk et al. 2021, arXiv 2006.03204, equations 3 to 6): the
 * overlap of their boxes as intersection over union, times the cosine of their class probabilities, times the
 * proposal's objectness. Where there are no probabilities of all classes, the proposal's score stands for the cosine if
 * both have one class, and 0 if not.
 */
export function likeness(sought: FoundObject, proposal: FoundObject): number {
  const overlap = overlapOf(sought, proposal);
  return overlap === 0 ? 0 : overlap * classLikeness(sought, proposal) * proposal.objectness;
}

function classLikeness(sought: FoundObject, proposal: FoundObject): number {
  if (sought.classes && proposal.classes) return cosine(sought.classes, proposal.classes);
  return sought.class === proposal.class ? proposal.score : 0;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    squareA += a[i]! ** 2;
    squareB += b[i]! ** 2;
  }
  return product === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}
