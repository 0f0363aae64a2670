/** @file The record of a folder's pictures where it was stopped, saved beside the results, so that the job can go on. */
import { SetRecord } from "../../activations/set-record.ts";
import { LimpidError } from "../../errors.ts";
import { digestText } from "../../graph/digest.ts";
import { joinPath } from "../../wording/paths.ts";
import type { JobContext } from "../context.ts";
import type { RuntimeName } from "../platform.ts";
import { readPreprocessing } from "../preparation.ts";
import type { FolderPlan } from "./folder.ts";

/** Where the record is saved, in the folder of the results. */
export function savedRecordPath(out: string): string {
  return joinPath(out, ".activations-state");
}

/** What a saved record is of. */
export interface SavedRecordPlace {
  readonly path: string;
  readonly runtime: RuntimeName;
}

/** A record is saved this often, for runs that are killed. */
const saveEveryMs = 60_000;

/**
 * Does some work with the record that an earlier one left at a path, or with a new one. From time to time, as the work
 * says that it has grown, and if it is stopped, the record is saved there; if it ends, the saved one is removed.
 */
export async function withSavedRecord<T>(
  plan: FolderPlan,
  { path, runtime }: SavedRecordPlace,
  context: JobContext,
  work: (record: SetRecord, keep: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const { platform } = context;
  const recipe = await recipeOf(plan, runtime, context);
  const record = (await savedRecord(plan, path, recipe, context)) ?? new SetRecord(plan.set);
  let savedMs = platform.nowMs();
  const keep = async () => {
    if (platform.nowMs() - savedMs < saveEveryMs) return;
    await platform.writeWhole(path, record.encode(recipe));
    savedMs = platform.nowMs();
  };
  let result: T;
  try {
    result = await work(record, keep);
  } catch (error) {
    if (error instanceof LimpidError && error.code === "aborted" && record.next > 0) {
      await platform.writeWhole(path, record.encode(recipe));
      const message = `activations: stopped after ${record.next} of ${plan.set.pictures} pictures, which are kept. run the same command again to go on.`;
      throw new LimpidError("aborted", message, { cause: error });
    }
    throw error;
  }
  await platform.remove(path);
  return result;
}

/** Another network, other pictures or another way of preparing them are another record. */
async function recipeOf(
  { model, folder, preparation, set }: FolderPlan,
  runtime: RuntimeName,
  { platform }: JobContext,
): Promise<string> {
  const { how } = await readPreprocessing(platform, model, preparation.preprocess);
  const { range = null } = preparation;
  const lines = [JSON.stringify([await model.digest(), how, range, set, runtime])];
  for (const path of folder.paths) {
    // A link to nothing is told of when the picture is read.
    const info = await platform.find(path);
    lines.push(JSON.stringify([path, info?.size, info?.modifiedMs]));
  }
  return digestText(lines.join("\n"));
}

async function savedRecord(
  { set }: FolderPlan,
  path: string,
  recipe: string,
  { platform, onNote }: JobContext,
): Promise<SetRecord | undefined> {
  const saved = await platform.readOwn(path);
  if (!saved) return undefined;
  const record = SetRecord.decode(set, recipe, saved);
  onNote?.(
    record
      ? `going on after ${record.next} of ${set.pictures} pictures`
      : "what was put by here is of another command and is replaced",
  );
  return record;
}
