/** @file Which classes of two networks are the same: never two of which that is not sure. */

/** What is known of a network's classes: their names, or how many there are; neither of some. */
export interface KnownClasses {
  readonly names: readonly string[] | undefined;
  readonly count: number | undefined;
}

/** The number that a class of the first has in the second; undefined where that has no such class. */
export type SameClass = (number: number) => number | undefined;

/**
 * By their numbers where both have the same names or, where names are not known of both, as many classes; else by names
 * that are alone on both sides: as they are written, else whatever their case. Undefined where nothing says which are the same.
 */
export function sameClasses(first: KnownClasses, second: KnownClasses): SameClass | undefined {
  const { names } = first;
  const { names: others } = second;
  if (names && others && !areAlike(names, others)) return byName(names, others);
  // Of detectors without names nobody knows how many classes there are.
  return countOf(first) === countOf(second) ? (number) => number : undefined;
}

function areAlike(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && names.every((name, i) => name === others[i]);
}

function countOf({ names, count }: KnownClasses): number | undefined {
  return names?.length ?? count;
}

function byName(names: readonly string[], others: readonly string[]): SameClass | undefined {
  const exact = pairsAlone(names, others);
  const taken = new Set(exact.values());
  const folded = [...pairsAlone(names.map(fold), others.map(fold))];
  const more = folded.filter(([first, second]) => !exact.has(first) && !taken.has(second));
  const same = new Map([...exact, ...more]);
  return same.size > 0 ? (number) => same.get(number) : undefined;
}

function fold(name: string): string {
  return name.toLowerCase();
}

/** Those of a name that each side has once. */
function pairsAlone(
  names: readonly string[],
  others: readonly string[],
): ReadonlyMap<number, number> {
  const own = numbersAlone(names);
  const theirs = numbersAlone(others);
  return new Map(
    [...own].flatMap(([name, first]): readonly [number, number][] => {
      const second = theirs.get(name);
      return second === undefined ? [] : [[first, second]];
    }),
  );
}

/** Of each name that stands there once its number. */
function numbersAlone(names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const twins = new Set<string>();
  for (const [number, name] of names.entries()) {
    if (found.has(name)) twins.add(name);
    found.set(name, number);
  }
  return new Map([...found].filter(([name]) => !twins.has(name)));
}
