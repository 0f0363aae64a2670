/** @file Which files a network names as its parts that nobody has handed over. */
import type { Platform } from "../../src/app/platform.ts";
import { LimpidError } from "../../src/errors.ts";
import type { ByteSource } from "../../src/formats/source.ts";
import { baseName } from "../../src/wording/paths.ts";

/** A network that cannot be opened before its other parts are there. */
export class MissingParts extends LimpidError {
  /** Names of the files. */
  readonly missing: readonly string[];

  constructor(missing: readonly string[], cause: LimpidError) {
    super(cause.code, cause.said, { cause });
    this.missing = missing;
  }
}

export interface WatchedParts extends Pick<Platform, "source"> {
  /** What `work` gives. Throws `MissingParts` where it fails over a part that was looked for and is not there. */
  orMissing<T>(work: () => Promise<T>): Promise<T>;
}

/** The files of a platform, which remembers what is looked for beside them in vain. */
export function watchedParts({ source }: Pick<Platform, "source">): WatchedParts {
  const missing = new Set<string>();
  const watched = (file: ByteSource): ByteSource => ({
    ...file,
    beside: async (location) => {
      const found = await file.beside(location);
      if (found) return watched(found);
      missing.add(location);
      return undefined;
    },
  });
  return {
    source: async (path) => watched(await source(path)),
    orMissing: async (work) => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof LimpidError)) throw error;
        // Other files may be looked for that nobody needs: what fails it is named by the error.
        const told = [...missing].filter((location) => error.message.includes(baseName(location)));
        throw told.length > 0 ? new MissingParts(told, error) : error;
      }
    },
  };
}
