/** @file The work of `limpid attribute`: read, explain, write, say. */
import { commandWords, wordsOf } from "../../wording/face.ts";
import { openNamedModel, platform } from "../bridge.ts";
import { basename, join } from "node:path";
import { runDims } from "../../network/batches.ts";
import { LimpidError, throwIfAborted } from "../../errors.ts";
import { elementCount } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { requireWritable, writeWhole } from "../../node/files.ts";
import { parseTargets } from "../../scores/target-text.ts";
import { attributeInputs, type AttributeInput } from "./inputs.ts";
import { readMethodOptions, requireTaken, type GivenOptions } from "./options.ts";
import { placesFor, resultsName, triedPlaces, writeFileResults, type Places } from "./places.ts";
import {
  failuresOf,
  figureOf,
  findingsOf,
  lineOf,
  reportOf,
  summaryOf,
  type ClassNames,
  type Failure,
  type Summary,
} from "./record.ts";
import { answerOf, chosenMethods, isFailure, jobsOf, questionsOf } from "./runs.ts";
import type { Answer, Job } from "./runs.ts";
import type { CommandIo } from "../../cli/io.ts";
import { readLabels } from "../labels.ts";
import { startProgress, type Progress } from "../../cli/progress.ts";
import { openRuntime } from "../../node/runtimes.ts";
import type { RuntimeName } from "../platform.ts";
import { readSource, type Source } from "../source.ts";

/** As the command line gives them. */
export interface AttributeOptions extends GivenOptions {
  readonly offline?: boolean;
  readonly method: string;
  readonly target: string;
  readonly preprocess?: string;
  readonly labels?: string;
  readonly keepSoftmax?: boolean;
  readonly runtime: RuntimeName;
  readonly out?: string;
  readonly raw?: string;
  readonly json?: boolean;
}

/** What all files of a command have in common, and what is gathered of them. */
interface Work {
  readonly model: Model;
  readonly modelName: string;
  readonly inputs: readonly AttributeInput[];
  readonly jobs: readonly Job[];
  readonly places: Places;
  readonly options: AttributeOptions;
  readonly io: CommandIo;
  readonly progress: Progress;
  readonly results: Summary[];
  readonly failures: Failure[];
  readonly notes: Set<string>;
  readonly written: string[];
}

/** A file explained. */
interface Explained {
  readonly answers: readonly Answer[];
  readonly names: ClassNames;
}

/**
 * Explains the pictures of files by the model of another. If there is one thing to do and it fails, throws
 * `LimpidError` before anything is written. Of several, those that fail are told of and the others go on; what
 * is thrown at the end says how many they were.
 */
export async function attribute(
  modelPath: string,
  inputPaths: readonly string[],
  options: AttributeOptions,
  io: CommandIo,
): Promise<void> {
  const methods = chosenMethods(options.method);
  requireTaken(methods, options);
  const jobs = jobsOf(methods, layersOf(options));
  const inputs = await attributeInputs(inputPaths);
  const places = await placesFor(options, inputs.length, jobs.length);
  const graph = await openNamedModel(modelPath, options.offline ?? false, io);
  const runtime = await openRuntime(options.runtime);
  const progress = startProgress(io, { label: "attribute", total: inputs.length * jobs.length });
  try {
    const model = new Model(graph, runtime, { keepActivation: options.keepSoftmax ?? false });
    const modelName = basename(modelPath);
    const gathered = { results: [], failures: [], notes: new Set<string>(), written: [] };
    const work = { model, modelName, inputs, jobs, places, options, io, progress, ...gathered };
    try {
      await explainAll(work);
    } catch (error) {
      if (error instanceof LimpidError && error.code === "aborted") await keepWhatIsDone(work);
      throw error;
    }
    await finish(work);
  } finally {
    progress.end();
    await runtime.release();
  }
}

/** Every layer that is asked for, once. */
function layersOf({ layer }: AttributeOptions): readonly string[] {
  if (layer === undefined) return [];
  return [
    ...new Set(
      String(layer)
        .split(",")
        .map((part) => part.trim()),
    ),
  ];
}

async function explainAll(work: Work): Promise<void> {
  const { inputs, io, model, options } = work;
  for (const [number, input] of inputs.entries()) {
    throwIfAborted(io.signal, "attribute");
    let source: Source;
    try {
      source = await readSource(platform, model, input.path, options.preprocess);
      model.requirePictures(source.input);
    } catch (error) {
      if (inputs.length === 1 || !isFailure(error)) throw error;
      fail(work, { input: input.path, message: error.message });
      continue;
    }
    let explained: Explained;
    try {
      explained = await explain(work, source, number);
    } catch (error) {
      // What fails for the first of all is the fault of the options, and would fail for the others.
      if (work.results.length === 0 || !isFailure(error)) throw error;
      fail(work, { input: input.path, message: error.message });
      continue;
    }
    for (const failure of failuresOf(explained.answers, input, explained.names)) {
      fail(work, failure);
    }
    await writeAndTell(work, input, source, explained);
  }
}

/** Tells, once, of what failed while the rest goes on. */
function fail(work: Work, failure: Failure): void {
  const { input, method, layer, message } = failure;
  // What fails for one class fails for all more often than not.
  const isNew = !work.failures.some(
    (other) =>
      other.input === input &&
      other.method === method &&
      other.layer === layer &&
      other.message === message,
  );
  work.failures.push(failure);
  if (!isNew) return;
  work.progress.end();
  const parts = [
    ...(work.inputs.length > 1 ? [basename(input)] : []),
    ...(method === undefined ? [] : [layer === undefined ? method : `${method} on ${layer}`]),
    method !== undefined && message.startsWith(`${method}: `)
      ? message.slice(method.length + 2)
      : message,
  ];
  work.io.err(`limpid: ${parts.join(": ").replaceAll(/\s*\n\s*/g, " ")}\n`);
}

async function explain(work: Work, source: Source, number: number): Promise<Explained> {
  const { model, jobs, options, io, progress } = work;
  const traced = await model.at(runDims(model, source.input.dims));
  const units = traced.shapes.get(model.explained)!.dims;
  const { metadata } = model.graph;
  const count = elementCount(units) / units[0]!;
  const labels = await readLabels(platform, options.labels, count, metadata);
  const targets = parseTargets(options.target, labels.names);
  const context = { how: source.how, channels: source.input.dims[1]! };
  const asked = readMethodOptions(options, context);
  if (number === 0) {
    for (const path of triedPlaces(work.places)) await requireWritable(path);
  }
  const answers: Answer[] = [];
  const questions = questionsOf(targets, source.input.dims[0]!);
  for (const [i, question] of questions.entries()) {
    let begun = 0;
    const onJob = ({ name }: Job) => {
      const share = (i + begun / jobs.length) / questions.length;
      progress.update((number + share) * jobs.length, `${name}, ${work.inputs[number]!.name}`);
      begun += 1;
    };
    const run = { model, source, jobs, options: asked, signal: io.signal, onJob };
    answers.push(await answerOf(question, run));
  }
  const chosen = [source.note, labels.note, ...answers.flatMap(({ notes }) => notes)];
  for (const note of chosen) if (note !== undefined) work.notes.add(wordsOf(note, commandWords));
  return { answers, names: labels.names };
}

async function writeAndTell(
  work: Work,
  input: AttributeInput,
  source: Source,
  { answers, names }: Explained,
): Promise<void> {
  const { io, jobs, model, modelName } = work;
  const found = findingsOf(answers, input);
  if (found.length === 0) return;
  const about = { input, source, answers, names, modelName, inputName: model.input.name };
  const subfolder = work.inputs.length > 1 ? input.name : "";
  const results = { subfolder, answers, names, figure: figureOf(about) };
  const { findings, written } = await writeFileResults(work.places, results, found, io.signal);
  work.written.push(...written);
  work.results.push(...findings.map((finding) => summaryOf(finding, names)));
  work.progress.end();
  if (work.options.json) return;
  if (work.inputs.length > 1) io.out(`${input.path}:\n`);
  io.out(findings.map((finding) => lineOf(finding, names, jobs.length === 1)).join(""));
}

/** The report of a run that is stopped, which tells of the files that were left. */
async function keepWhatIsDone(work: Work): Promise<void> {
  const { inputs, results, failures, io } = work;
  const told = new Set([...results, ...failures].map(({ input }) => input));
  const left = inputs.filter(({ path }) => !told.has(path));
  failures.push(
    ...left.map(({ path }) => ({ input: path, message: "stopped before it was done" })),
  );
  await writeReport(work, reportText(work));
  work.progress.end();
  if (!work.options.json) io.out(wroteLines(work));
}

function reportText({ results, failures }: Work): string {
  return `${JSON.stringify(reportOf(results, failures))}\n`;
}

/** Writes the report where there is a folder, and something to report. */
async function writeReport({ places, results, written }: Work, report: string): Promise<void> {
  if (places.folder === undefined || results.length === 0) return;
  const path = join(places.folder, resultsName);
  await writeWhole(path, report);
  written.push(path);
}

function wroteLines({ written }: Work): string {
  return written.map((path) => `wrote ${path}\n`).join("");
}

async function finish(work: Work): Promise<void> {
  const { io, results, failures, options } = work;
  const report = reportText(work);
  await writeReport(work, report);
  const notes = [...work.notes].map((note) => `note: ${note}\n`).join("");
  if (options.json) {
    io.err(notes);
    if (results.length > 0) io.out(report);
  } else {
    io.out(`${notes}${wroteLines(work)}`);
  }
  if (failures.length === 0) return;
  const all = failures.length + results.length;
  throw new LimpidError(
    "bad-option",
    `attribute: all maps must succeed, got ${failures.length} of ${all} that failed, for the reasons above.`,
  );
}
