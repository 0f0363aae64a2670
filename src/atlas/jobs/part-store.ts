/** @file Where the parts of an atlas lie: a folder, or whatever else keeps files by name. */
import type { JobPlatform } from "../../app/job-platform.ts";
import { LimpidError } from "../../errors.ts";
import { joinPath } from "../../wording/paths.ts";

/** Bytes of a part. */
export interface PartRange {
  readonly first: number;
  readonly length: number;
}

/** Parts by name. A part is there whole or not at all. */
export interface PartStore {
  /** All that are there, in one look: thousands of questions take minutes where the store is far away. */
  list(): Promise<readonly string[]>;
  has(part: string): Promise<boolean>;
  /** All of it or a range that it has; undefined where there is none. */
  read(part: string, range?: PartRange): Promise<Uint8Array | undefined>;
  write(part: string, bytes: Uint8Array): Promise<void>;
}

/** Names of parts begin so. */
export const partsFolder = "parts";

/** A folder of the job's own results. */
export function folderStore(platform: JobPlatform, folder: string): PartStore {
  const at = (part: string) => joinPath(folder, part);
  return {
    list: async () => {
      const info = await platform.findOwn(at(partsFolder));
      if (info?.kind !== "folder") return [];
      return (await platform.list(at(partsFolder))).map((name) => `${partsFolder}/${name}`);
    },
    has: async (part) => (await platform.findOwn(at(part))) !== undefined,
    read: (part, range) => platform.readOwn(at(part), range?.length, range?.first),
    write: (part, bytes) => platform.writeWhole(at(part), bytes),
  };
}

/** A part that must be there, or a range of it. Throws `bad-file` where it is not. */
export async function presentPart(
  store: PartStore,
  part: string,
  range?: PartRange,
): Promise<Uint8Array> {
  const bytes = await store.read(part, range);
  if (bytes) return bytes;
  throw new LimpidError(
    "bad-file",
    `atlas: "${part}" must be there, got none. run the same command again.`,
  );
}
