/** @file Pictures of a folder through a network, a few at a time, into a record of all of them. */
import type { ObservedLayer } from "../../activations/observed-layers.ts";
import { mapsOf } from "../../activations/token-layers.ts";
import { isFailure, throwIfAborted } from "../../errors.ts";
import { elementCount, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { stackRows } from "../../network/run-rows.ts";
import type { Tensors } from "../../runtime/runtime.ts";
import { wordsOf } from "../../wording/face.ts";
import { tellProgress, type JobContext } from "../context.ts";
import { PhotoNotes, type AssumedOfPhoto } from "../photo-notes.ts";
import { type Preparation } from "../preparation.ts";
import { readSource } from "../read-source.ts";

/** What is kept of pictures as they flow. */
export interface PictureRecord {
  readonly plan: {
    readonly layers: readonly { readonly name: string; readonly dims: readonly number[] }[];
  };
  /** Pictures before this one are done. */
  next: number;
  /** What was wrong with those that could not be used. */
  readonly broken: Map<number, string>;
  /** Takes in row `row` of what the layers make of pictures, by their names. */
  add(picture: number, values: Tensors, row: number): void;
}

/** What goes through what. */
export interface StreamWork {
  readonly model: Model;
  readonly paths: readonly string[];
  readonly preparation: Preparation;
  /** Those of the record. */
  readonly layers: readonly ObservedLayer[];
  readonly record: PictureRecord;
  readonly context: JobContext;
  /** What is to be said of the pictures, where others are told with them; by default it is told at the end. */
  readonly notes?: PhotoNotes;
  /** Told after each batch that the record has grown. */
  onRecorded?(): Promise<void>;
}

/** What the layers of one run may take: more pictures at once are no faster on a processor. */
const mostBatchBytes = 2 ** 26;
const mostPictures = 8;

/** A picture made ready, or why it cannot be used. */
type Loaded =
  { readonly input: Tensor; readonly assumed: AssumedOfPhoto } | { readonly message: string };

/**
 * Runs the pictures that the record does not have yet, the next ones being decoded meanwhile, and tells of each one
 * that cannot be used. What is recorded is whole at any time, also when it throws `aborted`.
 */
export async function streamPictures(work: StreamWork): Promise<void> {
  const { model, paths, record, context } = work;
  if (record.next >= paths.length) return;
  const dims = [batchSize(work), ...model.inputDims().slice(1)];
  const names = record.plan.layers.map(({ name }) => name);
  const session = await model.runtime.open(await model.part(names, dims));
  const total = paths.length;
  const progress = tellProgress(context, { what: "activations", total, from: record.next });
  const notes = work.notes ?? new PhotoNotes();
  try {
    let loaded = await load(work, record.next, dims[0]!);
    while (record.next < total) {
      throwIfAborted(context.signal, "activations");
      const ready = loaded.flatMap((one) =>
        "input" in one ? [one.input.data as Float32Array] : [],
      );
      for (const one of loaded) if ("input" in one) notes.add(one.assumed);
      const feeds = { [model.input.name]: stackRows(ready, dims) };
      const [values, following] = await Promise.all([
        ready.length > 0 ? session.run(feeds) : {},
        load(work, record.next + loaded.length, dims[0]!),
      ]);
      take(work, loaded, values);
      await work.onRecorded?.();
      progress.update(record.next, `${record.next} of ${total} pictures`);
      loaded = following;
    }
    if (!work.notes) notes.tell(context);
  } finally {
    progress.end();
    await session.release();
  }
}

function batchSize({ model, record }: StreamWork): number {
  if (model.fixedBatch !== undefined) return model.fixedBatch;
  const numbers = record.plan.layers.map(({ dims }) => elementCount(dims.slice(1)));
  const bytes = 4 * numbers.reduce((sum, count) => sum + count, 0);
  return Math.min(Math.max(Math.floor(mostBatchBytes / bytes), 1), mostPictures);
}

async function load(work: StreamWork, first: number, count: number): Promise<readonly Loaded[]> {
  const { model, paths, preparation, context } = work;
  return Promise.all(
    paths.slice(first, first + count).map(async (path) => {
      try {
        const source = await readSource(context.platform, model, path, preparation);
        const { input, numbers, part } = source;
        model.requirePictures(input);
        return { input, assumed: { ...(numbers ? { numbers } : {}), ...(part ? { part } : {}) } };
      } catch (error) {
        if (!isFailure(error)) throw error;
        return { message: wordsOf(error.said, context.words).replaceAll(/\s*\n\s*/g, " ") };
      }
    }),
  );
}

/** The values with tokens as maps. */
function asMaps(layers: readonly ObservedLayer[], values: Tensors): Tensors {
  const maps = layers.flatMap(({ name, layout }): [string, Tensor][] => {
    const found = values[name];
    return layout && found ? [[name, mapsOf(found, layout)]] : [];
  });
  return { ...values, ...Object.fromEntries(maps) };
}

function take(work: StreamWork, loaded: readonly Loaded[], results: Tensors): void {
  const { record, context } = work;
  const values = asMaps(work.layers, results);
  let row = 0;
  for (const one of loaded) {
    if ("input" in one) {
      record.add(record.next, values, row);
      row += 1;
    } else {
      record.broken.set(record.next, one.message);
      context.onFailure?.(one.message);
    }
    record.next += 1;
  }
}
