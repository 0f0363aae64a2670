/** @file Does the jobs of a plan that are not done yet, one after the other. */
import { tellProgress, type JobContext } from "../app/context.ts";
import { throwIfAborted } from "../errors.ts";
import type { SetRecord } from "../activations/set-record.ts";
import { option, say } from "../wording/face.ts";
import { formatCount } from "../wording/numbers.ts";
import type { Claims } from "./jobs/claims.ts";
import type { PlannedJob } from "./jobs/job.ts";
import type { PartStore } from "./jobs/part-store.ts";
import { patchesPart } from "./jobs/patches-job.ts";
import { allPhotos, photosPart } from "./jobs/photos-job.ts";
import { unitsPart } from "./jobs/units-job.ts";
import type { AtlasPlan } from "./plan.ts";

/** All jobs, in an order in which none waits for one behind it. */
export function jobsOf({ photos, units, patches }: AtlasPlan): readonly PlannedJob[] {
  return [...(photos?.jobs ?? []), ...units, ...patches];
}

/** What a job takes, as a share of what making a unit's picture does; for the time that is left. */
const costs = { units: 1, photos: 0.15, patches: 0.1 } as const;

function costOf({ job }: PlannedJob): number {
  return costs[job.kind] * (job.end - job.first);
}

/**
 * Does every job of this shard that the store lacks and no other run does, and waits for those that others do. Returns the jobs
 * that are still missing, of all shards. Throws `aborted`; what was finished stays.
 */
export async function runJobs(
  plan: AtlasPlan,
  store: PartStore,
  claims: Claims,
  context: JobContext,
): Promise<readonly PlannedJob[]> {
  const jobs = jobsOf(plan);
  const { shard } = plan.request;
  const own = jobs.filter((_, i) => !shard || i % shard.of === shard.number - 1);
  const open = await missingOf(own, store);
  if (open.length > 0 && open.length < own.length) {
    const done = formatCount(own.length - open.length);
    context.onNote?.(`${done} of ${formatCount(own.length)} jobs are done already`);
  }
  await runEach(plan, open, store, claims, context);
  return missingOf(jobs, store);
}

async function missingOf(
  jobs: readonly PlannedJob[],
  store: PartStore,
): Promise<readonly PlannedJob[]> {
  const isThere = await Promise.all(jobs.map(({ part }) => store.has(part)));
  return jobs.filter((_, i) => !isThere[i]);
}

/** How long a run waits for others before it looks again. */
const waitMs = 250;

async function runEach(
  plan: AtlasPlan,
  open: readonly PlannedJob[],
  store: PartStore,
  claims: Claims,
  context: JobContext,
): Promise<void> {
  const total = open.reduce((sum, planned) => sum + costOf(planned), 0);
  const progress = tellProgress(context, { what: "atlas", total });
  const work = new Work(plan, store, context);
  let left = open;
  const before = () => total - left.reduce((sum, planned) => sum + costOf(planned), 0);
  try {
    while (left.length > 0) {
      const waiting: PlannedJob[] = [];
      for (const planned of left) {
        throwIfAborted(context.signal, "atlas");
        const done = before();
        const { job } = planned;
        const text = job.kind === "photos" ? "photos" : `${job.layer} ${job.kind}`;
        const tell = (share: number) => progress.update(done + share * costOf(planned), text);
        if (await work.isDone(planned, claims, tell))
          left = left.filter((each) => each !== planned);
        else waiting.push(planned);
      }
      if (plan.request.together !== true || waiting.length === 0) return;
      left = waiting;
      await pause(waitMs);
    }
  } finally {
    progress.end();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** What the jobs of a run share. */
class Work {
  readonly #plan: AtlasPlan;
  readonly #store: PartStore;
  readonly #context: JobContext;
  #record: SetRecord | undefined;

  constructor(plan: AtlasPlan, store: PartStore, context: JobContext) {
    this.#plan = plan;
    this.#store = store;
    // A job's own progress is a share of the atlas's.
    const { onProgress: _, ...quiet } = context;
    this.#context = quiet;
  }

  /** Whether the store has the part in the end; it has not where another run does the job, or something is missing for it. */
  async isDone(
    planned: PlannedJob,
    claims: Claims,
    onShare: (share: number) => void,
  ): Promise<boolean> {
    const { part } = planned;
    const claim = await claims.claim(part);
    if (!claim) return this.#store.has(part);
    try {
      if (await this.#store.has(part)) return true;
      const bytes = await this.#bytesOf(planned, onShare);
      if (bytes) await this.#store.write(part, bytes);
      return bytes !== undefined;
    } finally {
      await claim.finish();
    }
  }

  /** The bytes of a job's part; undefined while something that it needs is not there. */
  async #bytesOf(
    { job, part, needs }: PlannedJob,
    onShare: (share: number) => void,
  ): Promise<Uint8Array | undefined> {
    switch (job.kind) {
      case "units":
        return unitsPart(this.#plan, job, this.#context, onShare);
      case "photos":
        return photosPart(this.#plan.photos!, { job, part, needs }, this.#context);
      case "patches": {
        for (const need of needs) if (!(await this.#store.has(need))) return undefined;
        this.#record ??= await allPhotos(this.#plan.photos!, this.#store);
        return patchesPart(this.#plan, job, this.#record, this.#context, onShare);
      }
    }
  }
}

/** Says what other shards have to do yet. */
export function missingNote(missing: readonly PlannedJob[]) {
  return say`${formatCount(missing.length)} jobs of other parts are not done yet; the site is drawn by the run that finds all done: run the same command again, or without ${option("shard")}`;
}
