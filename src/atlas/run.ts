/** @file Does the jobs of a plan that are not done yet, one after the other. */
import { tellProgress, type JobContext, type ProgressTeller } from "../app/context.ts";
import { PhotoNotes } from "../app/photo-notes.ts";
import { throwIfAborted } from "../errors.ts";
import type { SetRecord } from "../activations/set-record.ts";
import { smallest } from "../statistics.ts";
import { option, say } from "../wording/face.ts";
import { formatCount } from "../wording/numbers.ts";
import type { Claims } from "./jobs/claims.ts";
import { caricaturePart } from "./jobs/caricature-job.ts";
import { machineClock } from "./jobs/clock.ts";
import { cellClassesPart } from "./activations/cell-classes-job.ts";
import { cellsPart } from "./activations/cells-job.ts";
import { gridPart } from "./activations/grid-job.ts";
import type { PlannedJob } from "./jobs/job.ts";
import type { PartStore } from "./jobs/part-store.ts";
import { mapPart } from "./jobs/map-job.ts";
import { cellPatchesPart, patchesPart } from "./jobs/patches-job.ts";
import { allPhotos, photosPart } from "./jobs/photos-job.ts";
import { placesPart } from "./activations/places-job.ts";
import { unitsPart } from "./jobs/units-job.ts";
import { workThrough } from "./jobs/work-loop.ts";
import type { AtlasPlan } from "./plan.ts";
import { answersPart } from "./read-out/answers.ts";
import { classesPart } from "./read-out/classes-job.ts";

/** All jobs, in an order in which none waits for one behind it. */
export function jobsOf(plan: AtlasPlan): readonly PlannedJob[] {
  const { photos, units, others, patches, maps, readOut, caricatures, activations } = plan;
  const { places = [], grids = [], cells = [], classes: spoken = [] } = activations ?? {};
  return [
    ...(photos?.jobs ?? []),
    ...(readOut ? [readOut.answers, ...readOut.classes] : []),
    ...places,
    ...units,
    ...others.jobs,
    ...patches,
    ...maps,
    ...(caricatures?.jobs ?? []),
    ...grids,
    ...cells,
    ...(activations?.patches ?? []),
    ...spoken,
  ];
}

/** What a job takes, as a share of what making a unit's picture does; for the time that is left. */
const costs = {
  units: 1,
  opposite: 1,
  diverse: 3,
  photos: 0.15,
  patches: 0.1,
  map: 0.01,
  answers: 0.1,
  classes: 3,
  caricature: 15,
  places: 0.1,
  grid: 0.01,
  // About half of the cells that there can be have enough members.
  cells: 0.5,
  "cell patches": 0.05,
  "cell classes": 0.2,
} as const;

/** Jobs that make pictures of their layer's size. */
const picturedKinds: ReadonlySet<string> = new Set(["units", "opposite", "diverse", "cells"]);

/** Costs of a plan's jobs; those of pictures grow with their size. */
function costsOf({ layers }: AtlasPlan): (planned: PlannedJob) => number {
  const pixels = new Map(
    layers.map(({ name, size }) => [name, size.heightPx * size.widthPx] as const),
  );
  const least = smallest(pixels.values());
  return ({ job }) => {
    const isOfPictures = "layer" in job && picturedKinds.has(job.kind);
    const times = isOfPictures ? pixels.get(job.layer)! / least : 1;
    return costs[job.kind] * times * (job.end - job.first);
  };
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
  const meter = new Meter(own, costsOf(plan), context);
  const work = new Work(plan, store, context);
  try {
    const missing = await workThrough({
      jobs: own,
      claims,
      store,
      clock: machineClock,
      perform: (job) => {
        meter.tellDone();
        return work.bytesOf(job, (share) => meter.doing(job, share));
      },
      requireGoingOn: () => throwIfAborted(context.signal, "atlas"),
      onThere: (job) => meter.there(job),
      onLeft: (left) => meter.left(left),
    });
    work.notes.tell(context);
    return shard ? await missingOf(jobs, store) : missing;
  } finally {
    meter.end();
  }
}

async function missingOf(
  jobs: readonly PlannedJob[],
  store: PartStore,
): Promise<readonly PlannedJob[]> {
  const there = new Set(await store.list());
  return jobs.filter(({ part }) => !there.has(part));
}

/** How much of the work is done. */
class Meter {
  readonly #context: JobContext;
  #progress: ProgressTeller | undefined;
  readonly #costOf: (planned: PlannedJob) => number;
  readonly #total: number;
  readonly #jobs: number;
  #cost = 0;
  #found = 0;
  #isToldOf = false;

  constructor(
    jobs: readonly PlannedJob[],
    costOf: (planned: PlannedJob) => number,
    context: JobContext,
  ) {
    this.#context = context;
    this.#costOf = costOf;
    this.#jobs = jobs.length;
    this.#total = jobs.reduce((sum, planned) => sum + costOf(planned), 0);
  }

  /** Says, before the first job, how many are there from earlier, which tell nothing about speed. */
  tellDone(): void {
    const from = this.#cost;
    this.#progress ??= tellProgress(this.#context, { what: "atlas", total: this.#total, from });
    if (this.#found > 0 && !this.#isToldOf) {
      const done = formatCount(this.#found);
      this.#context.onNote?.(`${done} of ${formatCount(this.#jobs)} jobs are done already`);
    }
    this.#isToldOf = true;
  }

  there(planned: PlannedJob): void {
    this.#cost += this.#costOf(planned);
    this.#found += 1;
  }

  doing(planned: PlannedJob, share: number): void {
    const { job } = planned;
    const text = "layer" in job ? `${job.layer} ${job.kind}` : job.kind;
    this.#progress?.update(this.#cost + share * this.#costOf(planned), text);
  }

  /** Of all runs together, which are told of by how many jobs they have left. */
  left(jobs: number): void {
    const done = this.#total * (1 - jobs / this.#jobs);
    if (done <= this.#cost) return;
    this.#cost = done;
    this.#progress?.update(done, "all workers");
  }

  end(): void {
    this.#progress?.end();
  }
}

/** What the jobs of a run share. */
class Work {
  readonly #plan: AtlasPlan;
  readonly #store: PartStore;
  readonly #context: JobContext;
  #record: SetRecord | undefined;
  /** Of all photos that this run looks at. */
  readonly notes = new PhotoNotes();

  constructor(plan: AtlasPlan, store: PartStore, context: JobContext) {
    this.#plan = plan;
    this.#store = store;
    // A job's own progress is a share of the atlas's.
    const { onProgress: _, ...quiet } = context;
    this.#context = quiet;
  }

  /** The bytes of a job's part. */
  async bytesOf(
    { job, part, needs }: PlannedJob,
    onShare: (share: number) => void,
  ): Promise<Uint8Array> {
    switch (job.kind) {
      case "units":
      case "opposite":
      case "diverse":
        return unitsPart(this.#plan, job, this.#context, onShare);
      case "photos":
        return photosPart(this.#plan.photos!, { job, part, needs }, this.#context, this.notes);
      case "caricature":
        return caricaturePart(this.#plan, job, this.#context, onShare);
      case "answers":
        return answersPart(this.#plan, this.#context, onShare);
      case "classes":
        return classesPart(this.#plan, job, this.#store, this.#context, onShare);
      case "patches": {
        this.#record ??= await allPhotos(this.#plan.photos!, this.#store);
        return patchesPart(this.#plan, job, this.#record, this.#context, onShare);
      }
      case "map": {
        this.#record ??= await allPhotos(this.#plan.photos!, this.#store);
        return mapPart(this.#plan, job, this.#record, this.#context, onShare);
      }
      case "places":
        return placesPart(this.#plan, job, this.#context);
      case "grid":
        return gridPart(this.#plan, job, this.#store, this.#context, onShare);
      case "cells":
        return cellsPart(this.#plan, job, this.#store, this.#context, onShare);
      case "cell classes":
        return cellClassesPart(this.#plan, job, this.#store, this.#context, onShare);
      case "cell patches":
        return cellPatchesPart(this.#plan, job, this.#store, this.#context, onShare);
    }
  }
}

/** Says what other shards have to do yet. */
export function missingNote(missing: readonly PlannedJob[]) {
  return say`${formatCount(missing.length)} jobs of other parts are not done yet; the site is drawn by the run that finds all done: run the same command again, or without ${option("shard")}`;
}
