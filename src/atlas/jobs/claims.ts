/** @file Who does which job where several runs work on one atlas: jobs are claimed, and a claim is kept up until it is given back. */
import type { JobPlatform } from "../../app/job-platform.ts";
import { baseName, joinPath } from "../../wording/paths.ts";

/** A job that is this run's. */
interface Claim {
  finish(): Promise<void>;
}

/** Claims by the parts that jobs give. Those of a run that has ended without giving them back are anybody's. */
export interface Claims {
  /** Undefined where another run has it. */
  claim(part: string): Promise<Claim | undefined>;
}

/** Of one run alone. */
export const everythingClaimed: Claims = {
  claim: async () => ({ finish: async () => {} }),
};

/**
 * In a folder that all runs see. A claim is a folder that its run holds: it says so every few seconds, and one that has not
 * for a minute, or whose process is gone, has lost it. Two may do one job then, which gives the same bytes twice.
 */
export function claimsIn(platform: JobPlatform, folder: string): Claims {
  return {
    claim: async (part) => {
      const held = await platform.claimFolder(joinPath(folder, "claims", baseName(part)));
      return held && { finish: () => held.release() };
    },
  };
}
