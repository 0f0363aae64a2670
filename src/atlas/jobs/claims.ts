/** @file Who does which job: jobs are claimed, claims are renewed while the work lasts, and finished. One seam for folders and queues. */
import type { JobPlatform } from "../../app/job-platform.ts";
import { baseName, joinPath } from "../../wording/paths.ts";

/** How a job went. */
export type Outcome =
  /** Its part is in the store. */
  | "done"
  /** Parts that it needs are not there yet: to be done after a while. */
  | "later"
  /** Not begun or not ended: anybody's, at once. */
  | "back"
  /** It threw. */
  | { readonly failed: unknown };

/** A job that is this run's for a while. */
export interface Claim {
  /** The part that the job gives. */
  readonly part: string;
  /** Says that this run goes on; false where the job has become somebody else's. */
  renew(): Promise<boolean>;
  /** Lets go of it. Throws what the job threw where nobody will try it again. */
  finish(outcome: Outcome): Promise<void>;
}

/** Jobs by the parts that they give. Those of a run that has ended without a word are anybody's after a while: twice done is the same bytes. */
export interface Claims {
  /** How often a claim is to be renewed, in milliseconds. */
  readonly renewMs: number;
  /** A job that no other run does; `ready` are those that could be begun. Undefined where there is none. */
  claim(ready: () => Iterable<string>): Promise<Claim | undefined>;
  /** How often to look what others have done, in milliseconds; left out where `left` tells, or nobody else works. */
  readonly lookMs?: number;
  /** How many jobs are not finished; undefined where the store alone can tell. */
  left(): Promise<number | undefined>;
  /** Told what the store lacks where nothing was left to claim. False where it will not come from others either. Throws where it failed. */
  offer(missing: readonly string[]): Promise<boolean>;
}

/** Of one run alone. */
export const everythingClaimed: Claims = {
  renewMs: 60_000,
  claim: async (ready) => {
    for (const part of ready())
      return { part, renew: async () => true, finish: async (outcome) => throwFailed(outcome) };
    return undefined;
  },
  left: async () => undefined,
  offer: async () => false,
};

/**
 * In a folder that all runs see. A claim is a folder that its run holds: it says so every few seconds, and one that has not
 * for a minute, or whose process is gone, has lost it.
 */
export function claimsIn(platform: JobPlatform, folder: string): Claims {
  return {
    renewMs: 10_000,
    lookMs: 2000,
    claim: async (ready) => {
      for (const part of ready()) {
        const held = await platform.claimFolder(joinPath(folder, "claims", baseName(part)));
        if (!held) continue;
        const finish = async (outcome: Outcome) => {
          await held.release();
          throwFailed(outcome);
        };
        return { part, renew: () => held.renew(), finish };
      }
      return undefined;
    },
    left: async () => undefined,
    offer: async () => true,
  };
}

function throwFailed(outcome: Outcome): void {
  if (typeof outcome === "object") throw outcome.failed;
}
