/** @file How many things are broken over lines. */

/**
 * The items in order, in as few rows as hold at most `most` each; rows differ by one item at most, the longer ones
 * first. Seven in rows of at most six are four and three.
 */
export function evenRows<Item>(items: readonly Item[], most: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / most);
  const least = Math.floor(items.length / Math.max(count, 1));
  const longer = items.length - count * least;
  return Array.from({ length: count }, (_, row) => {
    const start = row * least + Math.min(row, longer);
    return items.slice(start, start + least + (row < longer ? 1 : 0));
  });
}
