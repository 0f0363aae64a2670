/** @file What a block of photos makes of all layers, and the blocks of all photos put together. */
import { streamPictures } from "../../app/activations/stream.ts";
import type { JobContext } from "../../app/context.ts";
import type { PhotoNotes } from "../../app/photo-notes.ts";
import { SetRecord, type SetPlan } from "../../activations/set-record.ts";
import { LimpidError } from "../../errors.ts";
import type { PlannedPhotos } from "../plan.ts";
import type { PhotosJob, PlannedJob } from "./job.ts";
import type { PartStore } from "./part-store.ts";

/** The part's bytes; what is to be said of its photos goes to `notes`. Photos that cannot be used are told of and left out. Throws `aborted`. */
export async function photosPart(
  { set: { model, preparation, layers, set }, folder }: PlannedPhotos,
  { job, part }: PlannedJob<PhotosJob>,
  context: JobContext,
  notes: PhotoNotes,
): Promise<Uint8Array> {
  const record = new SetRecord(blockPlan(set, job));
  const paths = folder.paths.slice(job.first, job.end);
  await streamPictures({ model, paths, preparation, layers, record, context, notes });
  return record.encode(part);
}

/** The plan of a block's record, in which its photos are numbered from 0 on. */
function blockPlan(set: SetPlan, { first, end }: PhotosJob): SetPlan {
  const pooled = set.pooled
    .filter((picture) => picture >= first && picture < end)
    .map((picture) => picture - first);
  return { ...set, pictures: end - first, pooled };
}

/** The record of all photos. Blocks are taken in in their order, so that sums are the same whoever made them. */
export async function allPhotos(
  { set: { set }, jobs }: PlannedPhotos,
  store: PartStore,
): Promise<SetRecord> {
  const record = new SetRecord(set);
  for (const { job, part } of jobs) {
    const bytes = await store.read(part);
    const block = bytes && SetRecord.decode(blockPlan(set, job), part, bytes);
    if (!block) throw missing(part);
    record.absorb(block, job.first);
  }
  return record;
}

function missing(part: string): LimpidError {
  return new LimpidError(
    "bad-file",
    `atlas: "${part}" must be there as it was written, got none or another. run the same command again.`,
  );
}
