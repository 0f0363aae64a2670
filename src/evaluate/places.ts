/** @file How good a segmenter is: intersection over union of each class, over all places of all pictures. */
import { qualityOf, type Quality } from "./quality.ts";

/**
 * Of numbers of places, a row for each true class and a column for each found one: places of a class that are
 * found as such, over those that are of it or are found as it (Everingham et al. 2010, section 4.1.3 for VOC).
 */
export function meanOverlap(confusion: readonly (readonly number[])[]): Quality {
  const classes = confusion.map((row, c) => {
    const right = row[c]!;
    const isOf = row.reduce((sum, count) => sum + count, 0);
    const foundAs = confusion.reduce((sum, other) => sum + other[c]!, 0);
    const union = isOf + foundAs - right;
    return union === 0 ? null : right / union;
  });
  return qualityOf("mean IoU", classes);
}
