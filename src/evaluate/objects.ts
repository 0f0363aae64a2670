/** @file How good a detector is: average precision of each class, and which objects it finds. */
import type { Box } from "../image/mask.ts";
import { overlapOf, suppressed } from "../network/detection/suppression.ts";
import { qualityOf, type Quality } from "./quality.ts";

/** An object in pixels of the picture. */
export interface ObjectBox extends Box {
  readonly class: number;
}

/** An object that a network finds. */
export interface FoundObject extends ObjectBox {
  /** In 0..1. */
  readonly score: number;
}

/** What there is in a picture, and what is found in it. */
export interface PictureObjects {
  readonly objects: readonly ObjectBox[];
  readonly found: readonly FoundObject[];
}

/** Boxes of a class that overlap more than this with a better one of it are that one again. */
const sameOverlap = 0.5;

/** The best boxes, the best first, without those that say another of the same class again. */
export function withoutRepeats(boxes: readonly FoundObject[]): readonly FoundObject[] {
  const sorted = boxes.toSorted((a, b) => b.score - a.score);
  return suppressed(sorted, sameOverlap, Infinity);
}

/** Overlap from which on an object counts as found. */
const leastOverlap = 0.5;

/** Which object each found box is, or -1: the best first, each takes the free object that it overlaps most. */
function matches(found: readonly FoundObject[], objects: readonly ObjectBox[]): readonly number[] {
  const free = new Set(objects.keys());
  const taken = new Map<FoundObject, number>();
  for (const box of found.toSorted((a, b) => b.score - a.score)) {
    let best = -1;
    for (const i of free) {
      if (overlapOf(box, objects[i]!) < leastOverlap) continue;
      if (best < 0 || overlapOf(box, objects[i]!) > overlapOf(box, objects[best]!)) best = i;
    }
    if (best >= 0) free.delete(best);
    taken.set(box, best);
  }
  return found.map((box) => taken.get(box)!);
}

/**
 * Mean average precision at an overlap of 0.5: of each class the area under precision over recall, precision
 * made to fall (Everingham et al. 2010, all points as from 2010 on).
 */
export function meanPrecision(pictures: readonly PictureObjects[], classes: number): Quality {
  const each = Array.from({ length: classes }, (_, c) => {
    const of = pictures.map(({ objects, found }) => ({
      objects: objects.filter((one) => one.class === c),
      found: found.filter((one) => one.class === c),
    }));
    const count = of.reduce((sum, { objects }) => sum + objects.length, 0);
    if (count === 0) return null;
    const judged = of.flatMap(({ objects, found }) => {
      const owners = matches(found, objects);
      return found.map(({ score }, i) => ({ score, isRight: owners[i]! >= 0 }));
    });
    return areaUnder(
      judged.toSorted((a, b) => b.score - a.score),
      count,
    );
  });
  return qualityOf("mAP50", each);
}

/** The area under precision over recall of boxes, the best first. */
function areaUnder(judged: readonly { readonly isRight: boolean }[], objects: number): number {
  let right = 0;
  const precisions = judged.map(({ isRight }, i) => {
    if (isRight) right += 1;
    return right / (i + 1);
  });
  let [area, highest] = [0, 0];
  for (let i = judged.length - 1; i >= 0; i--) {
    highest = Math.max(highest, precisions[i]!);
    if (judged[i]!.isRight) area += highest / objects;
  }
  return area;
}

/** Score from which on a box counts as found where objects are counted. */
const leastScore = 0.5;

/**
 * Numbers of objects: a row for each true class, a column for each found one, and a last row and column for
 * nothing: what is found where there is none, and what is not found. Boxes count from a score of 0.5 on.
 */
export function objectConfusion(
  pictures: readonly PictureObjects[],
  classes: number,
): readonly (readonly number[])[] {
  const confusion = Array.from({ length: classes + 1 }, () =>
    Array.from({ length: classes + 1 }, () => 0),
  );
  for (const { objects, found } of pictures) {
    const sure = found.filter(({ score }) => score >= leastScore);
    const owners = matches(sure, objects);
    for (const [i, owner] of owners.entries()) {
      confusion[owner < 0 ? classes : objects[owner]!.class]![sure[i]!.class]! += 1;
    }
    for (const [i, object] of objects.entries()) {
      if (!owners.includes(i)) confusion[object.class]![classes]! += 1;
    }
  }
  return confusion;
}
