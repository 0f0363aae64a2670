/** @file The training loop: batches through one compiled step, evaluated on held-out data after each epoch. */
import { LimpidError, type StopSignal } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { BatchSource } from "./data/batch-source.ts";
import { openEvaluator, type Evaluation, type Evaluator } from "./evaluate.ts";
import type { Loss } from "./losses.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import type { Optimizer } from "../optimize/optimizer.ts";
import { Run } from "./run.ts";
import type { Schedule } from "./schedules.ts";
import {
  firstState,
  type EpochRecord,
  type EpochSums,
  type Score,
  type TrainedValues,
  type TrainingState,
} from "./state.ts";
import { buildTrainingStep, type StepDesign } from "./step.ts";

/** Keeps what a run needs to go on. */
interface Checkpoints {
  /** Shortest time between two checkpoints within an epoch. */
  readonly everyMs: number;
  /** Called within and after every epoch; the run waits for it. */
  save(state: TrainingState): void | Promise<void>;
}

export interface TrainOptions {
  readonly training: BatchSource;
  readonly heldOut: BatchSource;
  /** Rows of a batch; smaller batches are filled up (see `fullBatch`). */
  readonly batchSize: number;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly epochs: number;
  /** Largest norm of all gradients together; no limit by default. */
  readonly clipNorm?: number;
  /** Parameters that stay as they are. */
  readonly frozen?: ReadonlySet<string>;
  /** What dropout is drawn from; 0 by default. */
  readonly seed?: number;
  /** Milliseconds since some moment. */
  readonly clock: () => number;
  readonly signal?: StopSignal;
  readonly checkpoints?: Checkpoints;
  /** Where to go on. */
  readonly resume?: TrainingState;
  readonly onStep?: (progress: TrainingProgress) => void;
  readonly onEpoch?: (record: EpochRecord, evaluation: Evaluation) => void | Promise<void>;
}

/** What is told after each step. */
export interface TrainingProgress {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Batches done of the epoch. */
  readonly batch: number;
  readonly batches: number;
  /** Loss of the batch before the step. */
  readonly loss: number;
  readonly rate: number;
  /** Of the epoch so far. */
  readonly sums: EpochSums;
}

/** A finished run. */
export interface TrainingResult {
  readonly history: readonly EpochRecord[];
  /** After the last epoch. */
  readonly final: TrainedValues;
  readonly best: TrainedValues & { readonly epoch: number; readonly score: Score };
}

/**
 * Trains a network. Equal options give equal bytes on one machine, also for a run that was stopped at any
 * time and goes on from a checkpoint. Throws `aborted` when the signal fires, after one more checkpoint;
 * `runtime` where a loss or a weight is no longer finite, which no checkpoint then holds; `bad-option`
 * for a state of another network or run.
 */
export async function train(
  network: TrainableNetwork,
  runtime: Runtime,
  options: TrainOptions,
): Promise<TrainingResult> {
  checkCounts({ epochs: options.epochs, batchSize: options.batchSize });
  checkCounts({ "batches of an epoch": options.training.batchesPerEpoch });
  const { batchSize, loss, optimizer, clipNorm, frozen, seed = 0 } = options;
  const design: StepDesign = {
    network,
    batchSize,
    loss,
    optimizer,
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(frozen ? { frozen } : {}),
  };
  const { batchesPerEpoch } = options.training;
  const kind = { seed, batchSize, batchesPerEpoch, optimizer: optimizer.name, loss: loss.name };
  const start = firstState(design, kind, options.resume);
  if (start.history.length > options.epochs) {
    throw new LimpidError(
      "bad-option",
      `train: to go on, "epochs" must be at least the ${start.history.length} of the checkpoint, got ${options.epochs}.`,
    );
  }
  const step = buildTrainingStep(design);
  const session = await runtime.open(step.graph);
  let evaluator: Evaluator | undefined;
  try {
    evaluator = await openEvaluator(runtime, design);
    return await new Run(design, options, { step, session, evaluator }, start).finish();
  } finally {
    await session.release();
    await evaluator?.release();
  }
}

function checkCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new LimpidError("bad-option", `train: ${name} must be at least 1, got ${value}.`);
  }
}
