/** @file Claims on a queue: of a run that asks and works, and of one that only works. */
import { LimpidError } from "../../errors.ts";
import { formatCount } from "../../wording/numbers.ts";
import type { Claims } from "./claims.ts";
import type { SharedJobs } from "./work-server.ts";

/** Of a worker: what nobody does and is not there is the asker's to see to. */
export function workerClaims(jobs: SharedJobs): Claims {
  return {
    renewMs: jobs.renewMs,
    claim: () => jobs.claim(),
    left: () => jobs.left(),
    offer: async () => false,
  };
}

/** Of the run that asks: what got lost is added again, and what failed as often as is tried ends the run. */
export function askerClaims(jobs: SharedJobs): Claims {
  return {
    ...workerClaims(jobs),
    offer: async (missing) => {
      await requireNoneFailed(jobs, missing.length);
      await jobs.add(missing);
      return true;
    },
  };
}

async function requireNoneFailed(jobs: SharedJobs, missing: number): Promise<void> {
  const [first] = await jobs.failed(1);
  if (!first) return;
  throw new LimpidError(
    "bad-file",
    `atlas: every job must be done in the end, got ${formatCount(missing)} that are not, as some failed again and again. the first, "${first.part}": ${first.reason} the same command tries them anew.`,
  );
}
