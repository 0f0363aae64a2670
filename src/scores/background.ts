/** @file Which class of a map is background: what is nowhere in particular, and nothing to explain. */

/** The class that stands for nothing. */
export interface Background {
  readonly class: number;
  /** Whether its name says so, and not only that it is the first. */
  readonly isNamed: boolean;
}

const backgroundName = /^\W*_*(back-?ground|bg|unlabell?ed|void|none|nothing|ignore|empty)\b/i;

/**
 * The background among classes: the one with such a name; of classes without names the first, as is usual; none where
 * all names are of something.
 */
export function backgroundOf(names: readonly string[] | undefined): Background | undefined {
  if (!names) return { class: 0, isNamed: false };
  const named = names.findIndex((name) => backgroundName.test(name.replaceAll("_", " ").trim()));
  return named < 0 ? undefined : { class: named, isNamed: true };
}
