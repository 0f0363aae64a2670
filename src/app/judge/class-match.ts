/** @file Which class of a network the name of a folder means. */

/** A folder's class by its number in the network, or why it has none. */
export interface ClassMatch {
  /** For each folder the number of its class; undefined where none is meant, or several. */
  readonly classes: readonly (number | undefined)[];
  /** Names of folders that mean no class. */
  readonly unknown: readonly string[];
}

/**
 * The classes that folders are named after: by a class's name, whatever its case and signs between words; by one of the
 * words of a name of several ("tench, Tinca tinca"); or by its number, where no name is such. A name that two classes
 * have means none.
 */
export function matchClasses(
  folders: readonly string[],
  labels: readonly string[] | undefined,
  count: number,
): ClassMatch {
  const whole = indexOf(labels ?? [], (label) => [label]);
  const parts = indexOf(labels ?? [], (label) => label.split(","));
  const classes = folders.map((folder) => {
    const key = plain(folder);
    const named = whole.get(key) ?? parts.get(key);
    if (named !== undefined) return only(named);
    const number = wholeNumber(folder);
    return number < count ? number : undefined;
  });
  return { classes, unknown: folders.filter((_, i) => classes[i] === undefined) };
}

/** A number of a name, also as programs write it that know no whole ones ("3.0"); NaN for others. */
export function wholeNumber(text: string): number {
  return /^\d{1,9}(?:\.0+)?$/.test(text) ? Number(text) : Number.NaN;
}

function only(found: ReadonlySet<number>): number | undefined {
  return found.size === 1 ? [...found][0] : undefined;
}

function indexOf(
  labels: readonly string[],
  names: (label: string) => readonly string[],
): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const [i, label] of labels.entries()) {
    for (const name of names(label)) {
      const key = plain(name);
      if (key === "") continue;
      const own = found.get(key) ?? new Set();
      own.add(i);
      found.set(key, own);
    }
  }
  return found;
}

function plain(name: string): string {
  return name
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, " ")
    .trim();
}
