/** @file How well a network does on data that it was not trained on. */
import { LimpidError, throwIfAborted, type StopSignal } from "../errors.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { toNumbers } from "../graph/tensor.ts";
import type { Runtime, Session, Tensors } from "../runtime/runtime.ts";
import type { BatchSource } from "./data/batch-source.ts";
import { fullBatch } from "./full-batch.ts";
import {
  batchFeeds,
  classCount,
  declareBatch,
  declareValues,
  predictions,
  stepNames,
  trainedParameters,
  type StepDesign,
} from "./step.ts";

/** What a network made of one example. */
export interface Judgement {
  /** Number of the example within the data set. */
  readonly index: number;
  readonly label: number;
  /** The class that the network finds. */
  readonly predicted: number;
  readonly loss: number;
}

/** What a network made of a data set. */
export interface Evaluation {
  readonly examples: number;
  /** Mean over all examples. */
  readonly loss: number;
  /** Share of the examples whose class is found, in 0..1. */
  readonly accuracy: number;
  /** Numbers of examples: a row for each true class, a column for each found one. */
  readonly confusion: readonly (readonly number[])[];
  /** One for each example, in the order in which they came. */
  readonly judgements: readonly Judgement[];
}

/** A network ready to be judged with ever new values. */
export interface Evaluator {
  /**
   * Judges every example of the source's epoch 0; rows that fill up its last batch count for nothing.
   * `state` holds at least the parameters and memory, by the names of `startState`. Throws `bad-option`
   * if there is no example, `aborted` when the signal fires.
   */
  evaluate(state: Tensors, source: BatchSource, signal?: StopSignal): Promise<Evaluation>;
  release(): Promise<void>;
}

/** What an evaluation is made of. */
export type EvaluatorDesign = Pick<StepDesign, "network" | "batchSize" | "loss" | "frozen">;

/** Compiles a network for judging, as it behaves in inference. */
export async function openEvaluator(runtime: Runtime, design: EvaluatorDesign): Promise<Evaluator> {
  const b = new GraphBuilder();
  const { pictures, labels } = declareBatch(b, design);
  const values = declareValues(b, design.network, design.frozen);
  b.scope = "network/";
  const { logits } = design.network.build(b, pictures, values, "inference");
  b.scope = "";
  const losses = design.loss.build(b, logits, labels);
  b.output(b.op("Identity", [losses], {}, "losses"));
  b.output(b.op("Identity", [predictions(b, logits)], {}, "predicted"));
  const session = await runtime.open(b.build("evaluation"));
  return {
    evaluate: (state, source, signal) => evaluate(design, session, state, source, signal),
    release: () => session.release(),
  };
}

async function evaluate(
  design: EvaluatorDesign,
  session: Session,
  state: Tensors,
  source: BatchSource,
  signal: StopSignal | undefined,
): Promise<Evaluation> {
  const { network, batchSize } = design;
  const classes = classCount(network);
  const values = inferenceState(design, state);
  const judgements: Judgement[] = [];
  for await (const batch of source.batches(0, 0, signal)) {
    throwIfAborted(signal, "evaluate");
    if (batch.labels.length === 0) continue;
    const full = fullBatch(batch, batchSize, network.inputDims, classes);
    const results = await session.run({ ...values, ...batchFeeds(full) });
    const losses = toNumbers(results["losses"]!);
    const found = toNumbers(results["predicted"]!);
    for (const [row, label] of batch.labels.entries()) {
      const index = batch.indices[row]!;
      judgements.push({ index, label, predicted: found[row]!, loss: losses[row]! });
    }
  }
  return summary(judgements, classes);
}

/** What of a training state an inference graph reads. */
export function inferenceState(
  { network, frozen }: Pick<StepDesign, "network" | "frozen">,
  state: Tensors,
): Tensors {
  const names = [
    ...trainedParameters(network, frozen).map(stepNames.parameter),
    ...[...network.memory.keys()].map(stepNames.memory),
  ];
  return Object.fromEntries(names.map((name) => [name, state[name]!]));
}

function summary(judgements: readonly Judgement[], classes: number): Evaluation {
  const examples = judgements.length;
  if (examples === 0) {
    throw new LimpidError(
      "bad-option",
      "evaluate: there must be examples that can be read, got none. check the data set's files.",
    );
  }
  const row = Array.from({ length: classes }, () => 0);
  const confusion = row.map(() => [...row]);
  for (const { label, predicted } of judgements) confusion[label]![predicted]! += 1;
  const right = judgements.filter(({ label, predicted }) => label === predicted).length;
  const loss = judgements.reduce((sum, judgement) => sum + judgement.loss, 0) / examples;
  return { examples, loss, accuracy: right / examples, confusion, judgements };
}
