/** @file Names as messages list them. */

const mostListed = 6;

/** The first names in quotes, and how many more there are: `"a", "b" and 3 more`. */
export function listedNames(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/** What may be chosen, as a sentence has it: `a`, `a or b`, `a, b or c`. */
export function alternatives(names: readonly string[]): string {
  const before = names.slice(0, -1).join(", ");
  return before === "" ? (names[0] ?? "") : `${before} or ${names.at(-1)}`;
}
