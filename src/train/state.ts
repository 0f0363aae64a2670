/** @file Where a training run stands: everything that it needs to go on as if nothing had happened. */
import { LimpidError } from "../errors.ts";
import { formatShape, type Tensor } from "../graph/tensor.ts";
import type { Tensors } from "../runtime/runtime.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { startState, stepNames, trainedParameters, type StepDesign } from "./step.ts";

/** How a network did on some examples. */
export interface Score {
  /** Mean over the examples. */
  readonly loss: number;
  /** Share of the examples whose class is found, in 0..1; of the places or objects where labels are of such. */
  readonly accuracy: number;
  readonly examples: number;
  /** Where labels are of places or objects, what the network is judged by (`Quality`), in 0..1. */
  readonly quality?: number;
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
 * the state of another network or another kind of run, `bad-file` if it is that of none.
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
    const [before, now] = [shapeOf(resume.tensors, name), shapeOf(tensors, name)];
    if (before !== now) throw mismatch(name, before, now);
  }
  requirePlace(resume, kind);
  requireBest(resume, design, tensors);
  return resume;
}

/** Throws `bad-file` for a place that no run comes to. */
function requirePlace({ batch, history, best }: TrainingState, kind: RunKind): void {
  if (batch > kind.batchesPerEpoch) {
    throw impossible(`"batch" must be at most ${kind.batchesPerEpoch}, got ${batch}`);
  }
  const stray = history.findIndex(({ epoch }, i) => epoch !== i + 1);
  if (stray >= 0) {
    throw impossible(`epoch ${stray + 1} must be told as such, got ${history[stray]!.epoch}`);
  }
  const hasBest = best ? best.epoch >= 1 && best.epoch <= history.length : history.length === 0;
  if (!hasBest) {
    throw impossible(
      `the best epoch must be among the ${history.length} done, got ${best?.epoch ?? "none"}`,
    );
  }
}

/** Throws `bad-file` unless the best epoch has a value for each that is trained or remembered, and no other. */
function requireBest(
  { best }: TrainingState,
  { network, frozen }: Pick<StepDesign, "network" | "frozen">,
  tensors: Tensors,
): void {
  if (!best) return;
  const names = [
    ...trainedParameters(network, frozen).map(stepNames.parameter),
    ...[...network.memory.keys()].map(stepNames.memory),
  ];
  for (const name of new Set([...names, ...Object.keys(best.tensors)])) {
    const wanted = names.includes(name) ? shapeOf(tensors, name) : "nothing";
    const got = shapeOf(best.tensors, name);
    if (got !== wanted)
      throw impossible(`"${name}" of the best epoch must be ${wanted}, got ${got}`);
  }
}

function impossible(what: string): LimpidError {
  return new LimpidError(
    "bad-file",
    `train: in the checkpoint ${what}. start anew in another folder.`,
  );
}

function shapeOf(tensors: Tensors, name: string): string {
  const value = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
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
