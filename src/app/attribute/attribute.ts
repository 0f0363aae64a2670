/** @file The attribution of files: each is read, explained, drawn and written, and told of when it is done. */
import { isFailure, LimpidError, throwIfAborted } from "../../errors.ts";
import { wordsOf } from "../../wording/face.ts";
import { baseName, joinPath } from "../../wording/paths.ts";
import { tellProgress, type JobContext, type ProgressTeller } from "../context.ts";
import { readSource } from "../read-source.ts";
import { runAttribution, type Explanation } from "./explain.ts";
import { figureOf } from "./figure.ts";
import { failuresOf, findingsOf, type ClassNames, type Finding } from "./findings.ts";
import type { AttributeInput } from "./inputs.ts";
import { resultsName, triedPlaces, writeFileResults, writtenOrder } from "./places.ts";
import { planAttribution, type AttributionPlan } from "./plan.ts";
import { GatheredRecord } from "./gathered-record.ts";
import { summaryOf } from "./record.ts";
import type { AttributeRequest } from "./request.ts";
import type { Failure } from "./schema.ts";

/** A file that is explained, its maps written. */
export interface ExplainedFile {
  readonly path: string;
  readonly findings: readonly Finding[];
  readonly names: ClassNames;
  /** Of files and of runs in all. */
  readonly files: number;
  readonly runs: number;
}

/** Told of results while the others are computed. */
export interface AttributeListener {
  onFile?(file: ExplainedFile): void;
  /** A path that was written, or some of them in words. */
  onWritten?(written: string): void;
}

/** What all files have in common, and what is gathered of them. */
interface Work extends AttributionPlan {
  readonly context: JobContext;
  readonly listener: AttributeListener;
  readonly progress: ProgressTeller;
  readonly gathered: GatheredRecord;
  readonly notes: Set<string>;
}

/**
 * Explains the pictures of files. If there is one thing to do and it fails, throws `LimpidError` before anything is
 * written. Of several, those that fail are told of by `context.onFailure` and stand in the record, and the others go
 * on. A job that is stopped keeps what is done: its record names the files that were left.
 */
export async function attribute(
  request: AttributeRequest,
  context: JobContext,
  listener: AttributeListener = {},
): Promise<GatheredRecord> {
  const plan = await planAttribution(request, context);
  const { folder } = plan.places;
  const work = async () => {
    // Once more, now that links out of the folder are seen.
    for (const path of triedPlaces(plan.places)) await context.platform.requireWritable(path);
    return explainAll(plan, context, listener);
  };
  try {
    return await (folder === undefined ? work() : context.platform.within(folder, work));
  } finally {
    await plan.model.runtime.release();
  }
}

async function explainAll(
  plan: AttributionPlan,
  context: JobContext,
  listener: AttributeListener,
): Promise<GatheredRecord> {
  const order = writtenOrder(plan.places, plan.model);
  if (order) context.onNote?.(order);
  const total = plan.inputs.length * plan.runs.length;
  const progress = tellProgress(context, { what: "attribute", total });
  const gathered = new GatheredRecord();
  const work: Work = { ...plan, context, listener, progress, gathered, notes: new Set() };
  try {
    for (const [number, input] of plan.inputs.entries()) await explainFile(work, input, number);
  } catch (error) {
    if (error instanceof LimpidError && error.code === "aborted") await keepWhatIsDone(work);
    // As where the disk is full; what is told is the first fault.
    else if (isFailure(error)) await keepWhatIsDone(work).catch(() => {});
    throw error;
  } finally {
    progress.end();
  }
  return writeRecord(work);
}

async function explainFile(work: Work, input: AttributeInput, number: number): Promise<void> {
  const { context, gathered, inputs, model, request, runs, progress } = work;
  throwIfAborted(context.signal, "attribute");
  let isRead = false;
  let explanation: Explanation;
  try {
    const source = await readSource(context.platform, model, input.path, request);
    gathered.chosen ??= source.chosen;
    model.requirePictures(source.input);
    isRead = true;
    const settings = { ...request, isOneMap: request.raw !== undefined };
    explanation = await runAttribution(model, source, runs, settings, context, ({ run, share }) =>
      progress.update((number + share) * runs.length, `${run.name}, ${input.name}`),
    );
  } catch (error) {
    // What a method says of the first of all is the fault of the options, and would be said of the others.
    const isLast = isRead ? gathered.count === 0 : inputs.length === 1;
    if (isLast || !isFailure(error)) throw error;
    tellFailure(work, { input: input.path, message: wordsOf(error.said, context.words) });
    return;
  }
  tellNotes(work, explanation);
  for (const failure of failuresOf(explanation, input.path, context.words))
    tellFailure(work, failure);
  await writeFile(work, input, explanation);
}

/** Tells of each assumption once, and of what differs from picture to picture for the first that has it. */
function tellNotes({ notes, context }: Work, { notes: found, source }: Explanation): void {
  for (const note of found) {
    const ofPicture = (["crop", "numbers"] as const).find((name) => note === source[name]);
    const key = ofPicture ?? wordsOf(note, context.words);
    if (!notes.has(key)) context.onNote?.(note);
    notes.add(key);
  }
}

/** Tells, once, of what failed while the rest goes on. */
function tellFailure({ context, gathered: { failures }, inputs }: Work, failure: Failure): void {
  const { input, method, layer, message } = failure;
  // What fails for one class fails for all more often than not.
  const isNew = !failures.some(
    (other) =>
      other.input === input &&
      other.method === method &&
      other.layer === layer &&
      other.message === message,
  );
  failures.push(failure);
  if (!isNew) return;
  const parts = [
    ...(inputs.length > 1 ? [baseName(input)] : []),
    ...(method === undefined ? [] : [layer === undefined ? method : `${method} on ${layer}`]),
    method !== undefined && message.startsWith(`${method}: `)
      ? message.slice(method.length + 2)
      : message,
  ];
  context.onFailure?.(parts.join(": "));
}

async function writeFile(
  work: Work,
  { path, name }: AttributeInput,
  explanation: Explanation,
): Promise<void> {
  const { context, gathered, inputs, listener, model, modelName, places, runs } = work;
  const { answers, names } = explanation;
  const found = findingsOf(explanation, path);
  if (found.length === 0) return;
  const shown = {
    title: baseName(path),
    modelName,
    inputName: model.input.name,
    words: context.words,
  };
  const file = {
    subfolder: inputs.length > 1 ? name : "",
    answers,
    names,
    figure: figureOf(explanation, shown),
  };
  const { findings, written } = await writeFileResults(places, file, found, context);
  for (const finding of findings) gathered.add(summaryOf(finding, names, context.words));
  listener.onFile?.({ path, findings, names, files: inputs.length, runs: runs.length });
  for (const each of written) listener.onWritten?.(each);
}

/** The record of a job that is stopped, which tells of the files that were left. */
async function keepWhatIsDone(work: Work): Promise<void> {
  const { inputs, gathered } = work;
  const left = inputs.filter(({ path }) => !gathered.tellsOf(path));
  for (const { path } of left) {
    gathered.failures.push({ input: path, message: "stopped before it was done" });
  }
  await writeRecord(work);
}

/** The record, written where there is a folder and something to tell. */
async function writeRecord(work: Work): Promise<GatheredRecord> {
  const { context, gathered, listener, places } = work;
  if (places.folder === undefined || gathered.count === 0) return gathered;
  const path = joinPath(places.folder, resultsName);
  await context.platform.writeWhole(path, gathered.texts());
  listener.onWritten?.(path);
  return gathered;
}
