/** @file Where the axes of a volume grow to, from the matrix that maps voxels to the body. */

/** Rows are right, anterior, superior; columns the first, second and third axis of the file. */
export type Affine = readonly (readonly number[])[];

/** Towards the positive and the negative end of right, anterior and superior. */
const letters = [
  ["R", "L"],
  ["A", "P"],
  ["S", "I"],
] as const;

/**
 * One letter for each axis of the file, as `nibabel.aff2axcodes` gives them: axes take the direction that is nearest, the
 * clearest one first, and no two the same. Undefined for a matrix that is not finite or maps an axis to nothing.
 */
export function directionsOf(affine: Affine): readonly [string, string, string] | undefined {
  const lengths = [0, 1, 2].map((column) =>
    Math.hypot(affine[0]![column]!, affine[1]![column]!, affine[2]![column]!),
  );
  if (!lengths.every((length) => Number.isFinite(length) && length > 0)) return undefined;
  const candidates = [0, 1, 2].flatMap((column) =>
    [0, 1, 2].map((row) => ({ column, row, share: affine[row]![column]! / lengths[column]! })),
  );
  const found: string[] = [];
  const rows = new Set<number>();
  for (const { column, row, share } of candidates.toSorted(
    (a, b) => Math.abs(b.share) - Math.abs(a.share),
  )) {
    if (found[column] !== undefined || rows.has(row)) continue;
    found[column] = letters[row]![share < 0 ? 1 : 0];
    rows.add(row);
  }
  return found as unknown as readonly [string, string, string];
}
