/** @file A planned training run: its steps with checkpoints, and the best epoch evaluated once more. */
import { LimpidError, type StopSignal } from "../../errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { openEvaluator, type Evaluation } from "../../train/evaluate.ts";
import { stepNames } from "../../train/step.ts";
import { train, type TrainingProgress, type TrainingResult } from "../../train/train.ts";
import { formatPercent } from "../../wording/numbers.ts";
import { tellProgress, type JobContext, type ProgressTeller } from "../context.ts";
import type { TrainingFolder } from "./folder.ts";
import type { TrainingPlan } from "./plan.ts";
import type { TrainListener } from "./request.ts";

/** A checkpoint within an epoch is written this often. */
const checkpointEveryMs = 3 * 60_000;

/** Trains from the folder's checkpoint on, if it has one. Throws `aborted` when the signal fires; a checkpoint stays. */
export async function runTraining(
  plan: TrainingPlan,
  folder: TrainingFolder,
  runtime: Runtime,
  context: JobContext,
  { onEpoch }: TrainListener,
): Promise<TrainingResult> {
  const { recipe, sources } = plan;
  const { checkpoint } = folder;
  const { batchesPerEpoch } = sources.training;
  const total = recipe.epochs * batchesPerEpoch;
  const from = checkpoint ? checkpoint.history.length * batchesPerEpoch + checkpoint.batch : 0;
  const progress = tellProgress(context, { what: "train", total, from });
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
      clock: () => context.platform.nowMs(),
      signal: context.signal,
      checkpoints: { everyMs: checkpointEveryMs, save: (state) => folder.save(state) },
      ...(checkpoint ? { resume: checkpoint } : {}),
      onStep: (step) => showStep(progress, step),
      onEpoch: (record) => onEpoch?.(record),
    });
  } catch (cause) {
    throw withAdvice(cause, folder);
  } finally {
    progress.end();
  }
}

function showStep(progress: ProgressTeller, step: TrainingProgress): void {
  const done = (step.epoch - 1) * step.batches + step.batch;
  const { examples, correct, seconds } = step.sums;
  const speed = `${(examples / Math.max(seconds, 1e-9)).toFixed(0)} pictures/s`;
  const accuracy = formatPercent(correct / Math.max(examples, 1), 2);
  progress.update(
    done,
    `epoch ${step.epoch}/${step.epochs}  loss ${step.loss.toFixed(3)}  accuracy ${accuracy}  ${speed}`,
  );
}

function withAdvice(cause: unknown, { path }: TrainingFolder): unknown {
  if (!(cause instanceof LimpidError) || cause.code !== "aborted") return cause;
  return new LimpidError(
    "aborted",
    `train: stopped; the checkpoint is in "${path}". the same command goes on.`,
    { cause },
  );
}

/** The best epoch's values on the held-out data: confusions and wrong pictures are of what is exported. */
export async function evaluateBest(
  { network, recipe, loss, frozen, sources }: TrainingPlan,
  runtime: Runtime,
  best: TrainingResult["best"],
  signal: StopSignal,
): Promise<Evaluation> {
  const design = { network, batchSize: recipe.batch, loss, frozen };
  const evaluator = await openEvaluator(runtime, design);
  try {
    const state = Object.fromEntries([
      ...[...best.parameters].map(([name, value]) => [stepNames.parameter(name), value] as const),
      ...[...best.memory].map(([name, value]) => [stepNames.memory(name), value] as const),
    ]);
    return await evaluator.evaluate(state, sources.heldOut, signal);
  } finally {
    await evaluator.release();
  }
}
