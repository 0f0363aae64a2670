/** @file Which class of a network the name of a folder means. */
import { nameIndex } from "../../wording/name-index.ts";

/** A folder's class by its number in the network, or why it has none. */
export interface ClassMatch {
  /** For each folder the number of its class; undefined where none is meant, or several. */
  readonly classes: readonly (number | undefined)[];
  /** Names of folders that mean no class. */
  readonly unknown: readonly string[];
}

/**
 * The classes that folders are named after: by a class's name, where none is written so whatever its case and signs between
 * words; by one of the words of a name of several ("tench, Tinca tinca"); or by its number, where no name is such. A name
 * that two classes have means none.
 */
export function matchClasses(
  folders: readonly string[],
  labels: readonly string[] | undefined,
  count: number,
): ClassMatch {
  const whole = nameIndex(labels ?? [], plain);
  const words = (labels ?? []).flatMap((label, i) =>
    label.split(",").map((word) => ({ word, class: i })),
  );
  const part = nameIndex(
    words.map(({ word }) => word),
    plain,
  );
  const classes = folders.map((folder) => {
    const isNamed = plain(folder) !== "";
    const named = isNamed ? whole(folder) : [];
    const found = isNamed && named.length === 0 ? part(folder).map((i) => words[i]!.class) : named;
    if (found.length > 0) return only(new Set(found));
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

/** Without what differs between ways to write a name, but for the case of its letters. */
function plain(name: string): string {
  return name
    .normalize("NFC")
    .replaceAll(/[\s_-]+/g, " ")
    .trim();
}
