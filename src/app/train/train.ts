/** @file The train job: plan, train, keep checkpoints, write the model and what there is to see. */
import { encodeOnnx } from "../../formats/onnx/encode.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { SkippedExample } from "../../train/data/batch-source.ts";
import type { Evaluation } from "../../train/evaluate.ts";
import { exportNetwork, roundedToHalf } from "../../train/export.ts";
import type { TrainingResult } from "../../train/train.ts";
import type { JobContext } from "../context.ts";
import { requireFolderPlace } from "../places.ts";
import { TrainingFolder } from "./folder.ts";
import { planTraining, type TrainingPlan } from "./plan.ts";
import type { TrainingSummary } from "./record.ts";
import type { TrainListener, TrainRequest } from "./request.ts";
import { evaluateBest, runTraining } from "./run.ts";

/** What came of a run. */
export interface TrainedNetwork {
  readonly summary: TrainingSummary;
  /** Of the best epoch on the held-out data. */
  readonly evaluation: Evaluation;
  readonly bestEpoch: number;
  /** Paths of the files that were written. */
  readonly files: readonly string[];
  /** Pictures that could not be read and were left out. */
  readonly skipped: readonly SkippedExample[];
}

/**
 * Trains a network and writes what came of it: `model.onnx`, `history.json` and figures. A folder that holds the
 * same run, stopped at any time, goes on and ends in the same bytes. Throws `bad-option` for a folder with another
 * run, `aborted` when the signal fires; checkpoints stay.
 */
export async function trainNetwork(
  request: TrainRequest,
  context: JobContext,
  listener: TrainListener = {},
): Promise<TrainedNetwork> {
  const runtime = await context.platform.openRuntime(request.runtime);
  try {
    const plan = await planTraining(request, runtime, context);
    await requireFolderPlace(context.platform, request.out);
    return await context.platform.within(request.out, async () => {
      const folder = await TrainingFolder.open(context.platform, request, plan.recipe);
      tellStart(plan, folder, context, listener);
      const result = await runTraining(plan, folder, runtime, context, listener);
      return finish(plan, folder, runtime, result, context);
    });
  } finally {
    await runtime.release();
  }
}

function tellStart(
  plan: TrainingPlan,
  { path, checkpoint }: TrainingFolder,
  { onNote }: JobContext,
  { onStart }: TrainListener,
): void {
  const { recipe, data } = plan;
  const { training, heldOut } = data;
  onStart?.({
    data: recipe.data,
    pictures: { training: training.length, heldOut: heldOut.length },
    classes: training.classes.length,
    network: recipe.from ?? recipe.arch,
    parameters: parameterCount(plan),
  });
  if (!checkpoint) return;
  const done = checkpoint.history.length;
  onNote?.(
    done < recipe.epochs
      ? `the run in "${path}" goes on after epoch ${done} of ${recipe.epochs}`
      : `the run in "${path}" is complete; its results are written once more`,
  );
}

function parameterCount({ network }: Pick<TrainingPlan, "network">): number {
  let count = 0;
  for (const { data } of network.parameters.values()) count += data.length;
  return count;
}

async function finish(
  plan: TrainingPlan,
  folder: TrainingFolder,
  runtime: Runtime,
  result: TrainingResult,
  { signal }: JobContext,
): Promise<TrainedNetwork> {
  const { history } = result;
  const best =
    plan.precision === "float16" ? { ...result.best, ...roundedToHalf(result.best) } : result.best;
  const evaluation = await evaluateBest(plan, runtime, best, signal);
  const model = encodedModel(plan, best);
  const files = await folder.finish({ result, evaluation, heldOut: plan.data.heldOut, model });
  return {
    summary: {
      model: folder.modelFile,
      parameters: parameterCount(plan),
      epochs: history.length,
      loss: evaluation.loss,
      accuracy: evaluation.accuracy,
      ...(evaluation.quality ? { quality: evaluation.quality.value } : {}),
      seconds: history.reduce((sum, record) => sum + record.seconds, 0),
    },
    evaluation,
    bestEpoch: best.epoch,
    files,
    skipped: [...plan.sources.training.skipped, ...plan.sources.heldOut.skipped],
  };
}

/** The best epoch's network, which says how it was made. */
function encodedModel(
  { network, data, preprocessing, recipe, precision }: TrainingPlan,
  best: TrainingResult["best"],
): Uint8Array {
  const training = { ...recipe, epoch: best.epoch, ...best.score };
  const { classes } = data.training;
  const graph = exportNetwork(network, best, { classes, preprocessing, training, precision });
  return encodeOnnx(graph).bytes;
}
