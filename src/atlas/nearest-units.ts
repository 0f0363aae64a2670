/** @file Units that answer to the photos alike. */

/** A unit and how alike it is, -1..1. */
export type NearUnit = readonly [unit: number, cosine: number];

/**
 * Of each of `channels` units the others whose activations over photos, `rows` [photos, channels], have the largest cosine
 * with its own, the most alike first; of equal ones the smaller number. Units that are 0 in every photo have none.
 */
export function nearest(
  { rows, channels }: { readonly rows: Float32Array; readonly channels: number },
  most: number,
): readonly (readonly NearUnit[])[] {
  const photos = rows.length / channels;
  const units = Array.from({ length: channels }, (_, c) => {
    const own = Float64Array.from({ length: photos }, (_unused, p) => rows[p * channels + c]!);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    return length > 0 ? own.map((value) => value / length) : undefined;
  });
  return units.map((own, unit) => {
    if (!own) return [];
    const others = units.flatMap((other, number): readonly NearUnit[] =>
      other && number !== unit ? [[number, cosine(own, other)]] : [],
    );
    return others.toSorted(([a, x], [b, y]) => y - x || a - b).slice(0, most);
  });
}

function cosine(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return Math.round(1e4 * sum) / 1e4;
}
