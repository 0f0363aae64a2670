/** @file Parts of a layer, read and put together. */
import type { LayerJob, PlannedJob } from "./jobs/job.ts";
import { presentPart, type PartStore } from "./jobs/part-store.ts";

/** A layer's parts, put together in their order. */
export async function blocksOf<T>(
  jobs: readonly PlannedJob<LayerJob>[],
  layer: string,
  store: PartStore,
  decode: (bytes: Uint8Array, part: string, count: number) => readonly T[],
): Promise<readonly T[]> {
  const all: T[] = [];
  for (const { job, part } of jobs.filter(({ job: each }) => each.layer === layer)) {
    const bytes = await presentPart(store, part);
    for (const each of decode(bytes, part, job.end - job.first)) all.push(each);
  }
  return all;
}
