/** @file Does the jobs of a plan that are not done yet, one after the other. */
import { tellProgress, type JobContext } from "../app/context.ts";
import { throwIfAborted } from "../errors.ts";
import type { SetRecord } from "../activations/set-record.ts";
import { option, say } from "../wording/face.ts";
import { formatCount } from "../wording/numbers.ts";
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
 * Does every job of this shard whose part the store lacks and whose needs it has. Returns the parts that are still missing,
 * of all shards. Throws `aborted`; what was finished stays.
 */
export async function runJobs(
  plan: AtlasPlan,
  store: PartStore,
  context: JobContext,
): Promise<readonly PlannedJob[]> {
  const jobs = jobsOf(plan);
  const isThere = await Promise.all(jobs.map(({ part }) => store.has(part)));
  const isOwn = (i: number) =>
    !plan.request.shard || i % plan.request.shard.of === plan.request.shard.number - 1;
  const open = jobs.filter((_, i) => !isThere[i] && isOwn(i));
  const done = jobs.filter((_, i) => isThere[i] && isOwn(i));
  if (done.length > 0 && open.length > 0) {
    context.onNote?.(
      `${formatCount(done.length)} of ${formatCount(done.length + open.length)} jobs are done already`,
    );
  }
  await runEach(plan, open, store, context);
  const missing: PlannedJob[] = [];
  for (const planned of jobs) if (!(await store.has(planned.part))) missing.push(planned);
  return missing;
}

async function runEach(
  plan: AtlasPlan,
  open: readonly PlannedJob[],
  store: PartStore,
  context: JobContext,
): Promise<void> {
  const total = open.reduce((sum, planned) => sum + costOf(planned), 0);
  const progress = tellProgress(context, { what: "atlas", total });
  let before = 0;
  const work = new Work(plan, store, context);
  try {
    for (const planned of open) {
      throwIfAborted(context.signal, "atlas");
      const cost = costOf(planned);
      const { job } = planned;
      const text = job.kind === "photos" ? "photos" : `${job.layer} ${job.kind}`;
      const bytes = await work.do(planned, (share) => progress.update(before + share * cost, text));
      if (bytes) await store.write(planned.part, bytes);
      before += cost;
    }
  } finally {
    progress.end();
  }
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

  /** The bytes of a job's part; undefined while something that it needs is not there. */
  async do(
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
