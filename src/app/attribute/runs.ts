/** @file What `limpid attribute` computes: each method on each layer, for each thing that is explained. */
import { explainedModelOf, type ExplainedModel } from "../../scores/explained-model.ts";
import type { ClassTarget, Target } from "../../scores/target.ts";
import { camLayer } from "../../attribution/cam/cam-layer.ts";
import { runDims } from "../../network/batches.ts";
import type { Heatmap } from "../../attribution/heatmap.ts";
import { attributionMethod, attributionMethods } from "../../attribution/index.ts";
import type { AttributionMethod, AttributionOptions } from "../../attribution/method.ts";
import type { ClassTargets } from "../../scores/class-targets.ts";
import { withReasons } from "../../attribution/diagnosis/why-blank.ts";
import { LimpidError, type StopSignal } from "../../errors.ts";
import type { Model } from "../../network/model.ts";
import type { Source } from "../source.ts";

/** A method on a layer. */
export interface Job {
  readonly name: string;
  readonly method: AttributionMethod;
  /** As asked for; undefined for the method's default and for methods that lie on pixels. */
  readonly layer: string | undefined;
}

/** What a job gave, one map a row of the input, or why it gave none. */
export type JobResult =
  | { readonly job: Job; readonly maps: readonly Heatmap[] }
  | { readonly job: Job; readonly failure: string };

/** Something that is explained, for all rows of an input. */
export interface Question {
  /** One for all rows, or one a row. */
  readonly targets: readonly Target[];
}

/** The answers of all methods to a question. */
export interface Answer {
  readonly question: Question;
  readonly explained: ExplainedModel;
  readonly results: readonly JobResult[];
  /** What was chosen. */
  readonly notes: readonly string[];
}

/** The methods of a text: names separated by commas, or `all`. Throws `bad-option`. */
export function chosenMethods(text: string): readonly string[] {
  if (text === "all") return Object.keys(attributionMethods);
  const names = [...new Set(text.split(",").map((name) => name.trim()))];
  for (const name of names) attributionMethod(name);
  return names;
}

/** Every method on every layer that is asked for; methods that take no layer once. */
export function jobsOf(methods: readonly string[], layers: readonly string[]): readonly Job[] {
  return methods.flatMap((name): readonly Job[] => {
    const method = attributionMethod(name);
    if (!takesLayer(method) || layers.length === 0) return [{ name, method, layer: undefined }];
    return layers.map((layer) => ({ name, method, layer }));
  });
}

function takesLayer({ info }: AttributionMethod): boolean {
  return info.options.some(({ name }) => name === "layer");
}

/** A question for each target; of several pictures in one tensor, classes as many as pictures are one a picture. */
export function questionsOf(targets: readonly Target[], rows: number): readonly Question[] {
  const areClasses = targets.every(isNamedClass);
  return rows > 1 && areClasses ? [{ targets }] : targets.map((target) => ({ targets: [target] }));
}

export interface RunContext {
  readonly model: Model;
  readonly source: Source;
  readonly jobs: readonly Job[];
  readonly options: Omit<AttributionOptions, "targets" | "signal">;
  readonly signal: StopSignal;
  /** Told before a job begins. */
  onJob(job: Job): void;
}

/** The answers to a question. A job that fails is a result, unless it is the only one, whose error is thrown. */
export async function answerOf(question: Question, context: RunContext): Promise<Answer> {
  const { model, source, jobs } = context;
  const explained = await explainedModelOf(model, question.targets[0]!, source.input.dims);
  const classes = question.targets.length > 1 ? classesOf(question.targets) : explained.targets;
  const notes: string[] = [];
  const results: JobResult[] = [];
  for (const job of jobs) {
    context.onJob(job);
    try {
      results.push(await runJob(job, explained.model, classes, context, notes));
    } catch (error) {
      if (jobs.length === 1 || !isFailure(error)) throw error;
      results.push({ job, failure: error.message });
    }
  }
  return { question, explained, results, notes: [...new Set(notes)] };
}

function isNamedClass(target: Target): target is ClassTarget & { readonly class: number } {
  return target.kind === "class" && target.class !== "top";
}

function classesOf(targets: readonly Target[]): ClassTargets {
  return targets.filter(isNamedClass).map((target) => target.class);
}

/** Whether the others can go on: neither a bug nor the user's wish to stop. */
export function isFailure(error: unknown): error is LimpidError {
  return error instanceof LimpidError && error.code !== "internal" && error.code !== "aborted";
}

async function runJob(
  job: Job,
  model: Model,
  targets: ClassTargets,
  { source, options, signal }: RunContext,
  notes: string[],
): Promise<JobResult> {
  const { input, expected } = source;
  const traced = await model.at(runDims(model, input.dims));
  const chosen = takesLayer(job.method) ? camLayer(traced, model.explained, job.layer) : undefined;
  if (chosen?.reason) notes.push(`layer ${chosen.name}: ${chosen.reason}`);
  const taken = new Set<string>(job.method.info.options.map(({ name }) => name));
  const given = Object.entries(options).filter(([name]) => taken.has(name));
  const maps = await job.method.run(model, input, {
    ...(Object.fromEntries(given) as typeof options),
    targets,
    signal,
    ...(chosen ? { layer: chosen.name } : {}),
  });
  const reasoned = await withReasons(model, input, maps, {
    signal,
    ...(expected ? { expected } : {}),
  });
  return { job, maps: reasoned };
}
