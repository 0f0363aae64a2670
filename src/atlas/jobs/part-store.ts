/** @file Where the parts of an atlas lie: a folder, or whatever else keeps files by name. */
import type { JobPlatform } from "../../app/job-platform.ts";
import { joinPath } from "../../wording/paths.ts";

/** Parts by name. A part is there whole or not at all. */
export interface PartStore {
  has(part: string): Promise<boolean>;
  /** Undefined where there is none. */
  read(part: string): Promise<Uint8Array | undefined>;
  write(part: string, bytes: Uint8Array): Promise<void>;
}

/** A folder of the job's own results. */
export function folderStore(platform: JobPlatform, folder: string): PartStore {
  const at = (part: string) => joinPath(folder, part);
  return {
    has: async (part) => (await platform.findOwn(at(part))) !== undefined,
    read: (part) => platform.readOwn(at(part)),
    write: (part, bytes) => platform.writeWhole(at(part), bytes),
  };
}
