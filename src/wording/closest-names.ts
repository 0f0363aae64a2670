/** @file What a mistyped name may have meant. */

/** The names that look most like the one asked for, closest first, at most `count`. */
export function closestNames(
  asked: string,
  names: readonly string[],
  count = 3,
): readonly string[] {
  const wanted = asked.toLowerCase();
  return names
    .map((name) => ({ name, distance: relativeDistance(wanted, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance < 0.7 || name.toLowerCase().includes(wanted))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

function relativeDistance(a: string, b: string): number {
  return editDistance(a, b) / Math.max(a.length, b.length, 1);
}

/** Insertions, deletions and replacements between two texts (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++) {
      const replaced = row[k - 1]! + (a[i - 1] === b[k - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[k]! + 1, next[k - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
