/** @file Where a training run stands: everything that it needs to go on as if nothing had happened. */
import { LimpidError } from "../errors.ts";
import { formatShape, type Tensor } from "../graph/tensor.ts";
import type { Tensors } from "../runtime/runtime.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { startState, stepNames, type StepDesign } from "./step.ts";

/** How a network did on some examples. */
export interface Score {
  /** Mean over the examples. */
  readonly loss: number;
  /** Share of the examples whose class is found, in 0..1. */
  readonly accuracy: number;
  readonly examples: number;
}

/** What became of an epoch. */
export interface EpochRecord {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Learning rate of its last step. */
  readonly rate: number;
  /** On the training data, each batch before its own step, as dropout and augmentation left it. */
  readonly training: Score;
  /** On the held-out data, after the epoch. */
  readonly heldOut: Score;
  /** Time of the epoch, evaluation included. */
  readonly seconds: number;
  /** Time of it that was spent inside training steps. */
  readonly stepSeconds: number;
}

/** What the epoch under way has added up so far. */
export interface EpochSums {
  /** Sum of the losses of the examples. */
  readonly loss: number;
  readonly correct: number;
  readonly examples: number;
  readonly seconds: number;
  readonly stepSeconds: number;
}

/** The epoch that did best on the held-out data, the lower loss deciding between equals. */
export interface BestEpoch {
  readonly epoch: number;
  readonly score: Score;
  /** Parameters and memory after it, by the names of `startState`. */
  readonly tensors: Tensors;
}

/** What a run must have in common with the one that it goes on with. */
export interface RunKind {
  readonly seed: number;
  readonly batchSize: number;
  readonly batchesPerEpoch: number;
  readonly optimizer: string;
  readonly loss: string;
}

/** Where a run stands. The number of epochs done is the length of `history`. */
export interface TrainingState {
  readonly kind: RunKind;
  /** Batches done of the epoch under way. */
  readonly batch: number;
  /** Parameters, memory and slots, by the names of `startState`. */
  readonly tensors: Tensors;
  readonly sums: EpochSums;
  readonly history: readonly EpochRecord[];
  readonly best: BestEpoch | undefined;
}

const kindFields = ["seed", "batchSize", "batchesPerEpoch", "optimizer", "loss"] as const;

export const noSums: EpochSums = { loss: 0, correct: 0, examples: 0, seconds: 0, stepSeconds: 0 };

/**
 * The state that a run starts from, or goes on from. Throws `bad-option` if what it is to go on from is
 * the state of another network or another kind of run.
 */
export function firstState(
  design: Pick<StepDesign, "network" | "optimizer" | "frozen">,
  kind: RunKind,
  resume: TrainingState | undefined,
): TrainingState {
  const tensors = startState(design);
  if (!resume) {
    return { kind, batch: 0, tensors, sums: noSums, history: [], best: undefined };
  }
  for (const name of kindFields) {
    const [before, now] = [resume.kind[name], kind[name]];
    if (before !== now) throw mismatch(name, String(before), String(now));
  }
  for (const name of new Set([...Object.keys(tensors), ...Object.keys(resume.tensors)])) {
    const [before, now] = [shapeOf(resume.tensors[name]), shapeOf(tensors[name])];
    if (before !== now) throw mismatch(name, before, now);
  }
  return resume;
}

function shapeOf(value: Tensor | undefined): string {
  return value ? `${value.type} ${formatShape(value.dims)}` : "nothing";
}

function mismatch(what: string, before: string, now: string): LimpidError {
  return new LimpidError(
    "bad-option",
    `train: to go on, "${what}" must be ${before} as in the checkpoint, got ${now}. use the options that the run was started with, or start anew.`,
  );
}

/** Trained values by the network's own names. */
export type TrainedValues = Pick<TrainableNetwork, "parameters" | "memory">;

/** The values of a network after training, frozen parameters as they were. */
export function trainedValues(network: TrainableNetwork, tensors: Tensors): TrainedValues {
  const after = (values: ReadonlyMap<string, Tensor>, called: (name: string) => string) =>
    new Map([...values].map(([name, start]) => [name, tensors[called(name)] ?? start]));
  return {
    parameters: after(network.parameters, stepNames.parameter),
    memory: after(network.memory, stepNames.memory),
  };
}
