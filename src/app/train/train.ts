/** @file The work of `limpid train`: plan, train, keep checkpoints, write the model and what there is to see. */
import { join } from "node:path";
import { LimpidError } from "../../errors.ts";
import type { FolderFit } from "./data-folder.ts";
import { TrainingFolder } from "./folder.ts";
import type { SkippedExample } from "../../train/data/batch-source.ts";
import { encodeOnnx } from "../../formats/onnx/encode.ts";
import { openEvaluator } from "../../train/evaluate.ts";
import { exportNetwork, roundedToHalf } from "../../train/export.ts";
import { stepNames } from "../../train/step.ts";
import { train, type TrainingProgress, type TrainingResult } from "../../train/train.ts";
import type { CommandIo } from "../../cli/io.ts";
import { startProgress, type Progress } from "../../cli/progress.ts";
import { openRuntime } from "../../node/runtimes.ts";
import type { RuntimeName } from "../platform.ts";
import { planTraining, type TrainingPlan } from "./plan.ts";
import { formatPercent } from "../../wording/numbers.ts";

/** As the command line gives them. */
export interface TrainCommandOptions {
  readonly arch?: string;
  readonly from?: string;
  readonly freeze?: string;
  readonly preprocess?: string;
  readonly weights: "float32" | "float16";
  readonly epochs?: string;
  readonly batch?: string;
  readonly optimizer?: string;
  readonly lr?: string;
  readonly schedule?: string;
  readonly weightDecay?: string;
  readonly labelSmoothing: string;
  readonly augment?: string;
  readonly fit?: FolderFit;
  readonly size?: string;
  readonly seed: string;
  readonly runtime: RuntimeName;
  readonly strict?: boolean;
  readonly offline?: boolean;
  readonly out?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/** A checkpoint within an epoch is written this often. */
const checkpointEveryMs = 3 * 60_000;

/** Trains a network and writes what came of it. Throws `LimpidError`; checkpoints stay. */
export async function trainNetwork(
  data: string,
  options: TrainCommandOptions,
  io: CommandIo,
): Promise<void> {
  const runtime = await openRuntime(options.runtime);
  try {
    const plan = await planTraining(data, options, runtime, io);
    const folder = await TrainingFolder.open(plan.folder, plan.recipe, options.resume ?? false);
    if (!options.json) io.err(`${introduction(plan)}\n`);
    const result = await climb(plan, folder, runtime, io, options.json ?? false);
    await finish(plan, folder, runtime, result, options.json ?? false, io);
  } finally {
    await runtime.release();
  }
}

function introduction({ data, network, recipe }: TrainingPlan): string {
  const { training, heldOut } = data;
  return `${recipe.data}: ${training.length} pictures of ${training.classes.length} classes to learn from, ${heldOut.length} held out; ${recipe.from ?? recipe.arch}, ${parameterCount(network)} parameters`;
}

function parameterCount(network: TrainingPlan["network"]): number {
  let count = 0;
  for (const { data } of network.parameters.values()) count += data.length;
  return count;
}

type Runtime = Awaited<ReturnType<typeof openRuntime>>;

async function climb(
  plan: TrainingPlan,
  folder: TrainingFolder,
  runtime: Runtime,
  io: CommandIo,
  isQuiet: boolean,
): Promise<TrainingResult> {
  const { recipe, sources } = plan;
  const resume = await folder.checkpoint();
  const total = recipe.epochs * sources.training.batchesPerEpoch;
  const from = resume ? resume.history.length * sources.training.batchesPerEpoch + resume.batch : 0;
  const progress = startProgress(io, { label: "train", total, from });
  try {
    return await train(plan.network, runtime, {
      ...sources,
      batchSize: recipe.batch,
      loss: plan.loss,
      optimizer: plan.optimizer,
      schedule: plan.schedule,
      frozen: plan.frozen,
      epochs: recipe.epochs,
      seed: recipe.seed,
      clock: () => performance.now(),
      signal: io.signal,
      checkpoints: { everyMs: checkpointEveryMs, save: (state) => folder.save(state) },
      ...(resume ? { resume } : {}),
      onStep: (step) => showStep(progress, step),
      onEpoch: async ({ epoch, training, heldOut, seconds }) => {
        if (isQuiet) return;
        progress.end();
        io.err(
          `epoch ${epoch}: loss ${training.loss.toFixed(4)}, accuracy ${percent(training.accuracy)}; held out ${heldOut.loss.toFixed(4)}, ${percent(heldOut.accuracy)}; ${seconds.toFixed(1)} s\n`,
        );
      },
    });
  } catch (cause) {
    throw withAdvice(cause, folder);
  } finally {
    progress.end();
  }
}

function showStep(progress: Progress, step: TrainingProgress): void {
  const done = (step.epoch - 1) * step.batches + step.batch;
  const { examples, correct, seconds } = step.sums;
  const speed = `${(examples / Math.max(seconds, 1e-9)).toFixed(0)} pictures/s`;
  const accuracy = percent(correct / Math.max(examples, 1));
  progress.update(
    done,
    `epoch ${step.epoch}/${step.epochs}  loss ${step.loss.toFixed(3)}  accuracy ${accuracy}  ${speed}`,
  );
}

function percent(share: number): string {
  return formatPercent(share, 2);
}

function withAdvice(cause: unknown, folder: TrainingFolder): unknown {
  if (!(cause instanceof LimpidError) || cause.code !== "aborted") return cause;
  return new LimpidError(
    "aborted",
    `train: stopped; the checkpoint is in "${folder.path}". the same command with --resume goes on.`,
    { cause },
  );
}

async function finish(
  plan: TrainingPlan,
  folder: TrainingFolder,
  runtime: Runtime,
  result: TrainingResult,
  isJson: boolean,
  io: CommandIo,
): Promise<void> {
  const { history } = result;
  const best =
    plan.weights === "float16" ? { ...result.best, ...roundedToHalf(result.best) } : result.best;
  const evaluation = await judgeBest(plan, runtime, best, io);
  const written = await folder.finish({
    result,
    evaluation,
    heldOut: plan.data.heldOut,
    model: encodedModel(plan, best),
  });
  const seconds = history.reduce((sum, record) => sum + record.seconds, 0);
  const skipped = [...plan.sources.training.skipped, ...plan.sources.heldOut.skipped];
  if (skipped.length > 0) io.err(skippedNote(skipped));
  if (isJson) {
    const summary = {
      model: join(folder.path, "model.onnx"),
      parameters: parameterCount(plan.network),
      epochs: history.length,
      loss: evaluation.loss,
      accuracy: evaluation.accuracy,
      seconds,
    };
    io.out(`${JSON.stringify(summary)}\n`);
    return;
  }
  const interval = wilsonInterval(evaluation.accuracy, evaluation.examples)
    .map(percent)
    .join(" to ");
  io.out(
    `held-out accuracy ${percent(evaluation.accuracy)} (95 % interval ${interval}, ${evaluation.examples} pictures), loss ${evaluation.loss.toFixed(4)}, after epoch ${best.epoch} of ${history.length}\n${written.map((path) => `wrote ${path}\n`).join("")}`,
  );
}

/** The best epoch's network, which says how it was made. */
function encodedModel(
  { network, data, preprocessing, recipe, weights }: TrainingPlan,
  best: TrainingResult["best"],
): Uint8Array {
  const training = { ...recipe, epoch: best.epoch, ...best.score };
  const { classes } = data.training;
  const graph = exportNetwork(network, best, { classes, preprocessing, training, weights });
  return encodeOnnx(graph).bytes;
}

/** The best epoch's values on the held-out data once more: confusions and wrong pictures are of what is exported. */
async function judgeBest(
  plan: TrainingPlan,
  runtime: Runtime,
  best: TrainingResult["best"],
  io: CommandIo,
) {
  const evaluator = await openEvaluator(runtime, {
    network: plan.network,
    batchSize: plan.recipe.batch,
    loss: plan.loss,
    frozen: plan.frozen,
  });
  try {
    const state = Object.fromEntries([
      ...[...best.parameters].map(([name, value]) => [stepNames.parameter(name), value] as const),
      ...[...best.memory].map(([name, value]) => [stepNames.memory(name), value] as const),
    ]);
    return await evaluator.evaluate(state, plan.sources.heldOut, io.signal);
  } finally {
    await evaluator.release();
  }
}

function skippedNote(skipped: readonly SkippedExample[]): string {
  const named = skipped.slice(0, 10).map(({ title, message }) => `  ${title}: ${message}\n`);
  const more = skipped.length > 10 ? `  and ${skipped.length - 10} more\n` : "";
  return `note: ${skipped.length} pictures could not be read and were left out\n${named.join("")}${more}`;
}

/** The 95 % interval of a share that was found in `count` trials (Wilson 1927). */
export function wilsonInterval(share: number, count: number): readonly [number, number] {
  const z = 1.959964;
  const scale = 1 / (1 + z ** 2 / count);
  const centre = scale * (share + z ** 2 / (2 * count));
  const reach = scale * z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return [centre - reach, centre + reach];
}
