/** @file Which picture of a folder a text names: a path, the end of one, or a file's name with or without its ending. */

/** What a text names. */
type NamedPicture =
  | {
      readonly kind: "one";
      readonly picture: number;
      /** Whether the text has folders that the picture does not lie in. */
      readonly isByNameAlone: boolean;
    }
  | { readonly kind: "none" }
  | { readonly kind: "several" };

export interface PictureMatch {
  find(text: string): NamedPicture;
}

/**
 * Finds pictures by their paths. The longest end of a path counts; endings of files may be left out, capitals and small
 * letters may be swapped where nothing else fits, and letters with marks may be written either way (NFC, NFD).
 */
export function matchPictures(paths: readonly string[]): PictureMatch {
  const exact = indexBy(paths, (end) => end);
  const loose = indexBy(paths, (end) => end.toLowerCase());
  return {
    find: (text) => {
      const parts = partsOf(text);
      for (let from = 0; from < parts.length; from++) {
        const end = parts.slice(from).join("/");
        const found = exact.get(end) ?? loose.get(end.toLowerCase());
        if (!found) continue;
        if (found.size > 1) return { kind: "several" };
        return { kind: "one", picture: [...found][0]!, isByNameAlone: from > 0 };
      }
      return { kind: "none" };
    },
  };
}

/** Pictures by every end of their paths, with the file's ending and without. */
function indexBy(
  paths: readonly string[],
  keyOf: (end: string) => string,
): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const [i, path] of paths.entries()) {
    const parts = partsOf(path);
    for (let from = 0; from < parts.length; from++) {
      const end = parts.slice(from).join("/");
      for (const each of new Set([end, end.replace(/\.[^./]+$/, "")])) {
        const key = keyOf(each);
        const own = found.get(key) ?? new Set();
        own.add(i);
        found.set(key, own);
      }
    }
  }
  return found;
}

/** A path as it is compared: letters with marks in one form (NFC), folders by "/". */
export function plainPath(path: string): string {
  return partsOf(path).join("/");
}

function partsOf(path: string): readonly string[] {
  return path
    .normalize("NFC")
    .trim()
    .split(/[\\/]+/)
    .filter((part) => part !== "" && part !== ".");
}
