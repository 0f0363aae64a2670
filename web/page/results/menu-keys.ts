/** @file The keys of a menu. */

/** Where a key leads from an item; undefined where it leads nowhere. */
export function placeOf(key: string, at: number, names: readonly string[]): number | undefined {
  const count = names.length;
  if (count === 0) return undefined;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at - 1 + count) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key.length !== 1 || key === " ") return undefined;
  const found = names
    .map((_, i) => (at + 1 + i) % count)
    .find((i) => names[i]!.toLowerCase().startsWith(key.toLowerCase()));
  return found;
}
