/** @file Non-maximum suppression: of boxes that overlap, the best one stays. */
import type { Box } from "../../image/mask.ts";

/** Intersection over union, 0..1; 0 of boxes without an area. */
export function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

function areaOf({ left, top, right, bottom }: Box): number {
  return Math.max(right - left, 0) * Math.max(bottom - top, 0);
}

/**
 * The first `limit` of some boxes, the best first, that overlap none of the same class before them by more than
 * `overlap` (greedy suppression, as torchvision's `batched_nms`).
 */
export function suppressed<T extends Box & { readonly class: number }>(
  sorted: readonly T[],
  overlap: number,
  limit: number,
): readonly T[] {
  const kept: T[] = [];
  const byClass = new Map<number, T[]>();
  for (const box of sorted) {
    if (kept.length === limit) break;
    const own = byClass.get(box.class) ?? [];
    if (own.some((better) => overlapOf(better, box) > overlap)) continue;
    own.push(box);
    byClass.set(box.class, own);
    kept.push(box);
  }
  return kept;
}
