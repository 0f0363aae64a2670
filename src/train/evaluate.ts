/** @file How well a network does on data that it was not trained on. */
import { throwIfAborted, type StopSignal } from "../errors.ts";
import {
  classificationOf,
  nothingToEvaluate,
  type Classification,
  type Prediction,
} from "../evaluate/classification.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { Quality } from "../evaluate/quality.ts";
import { elementCount, toNumbers } from "../graph/tensor.ts";
import type { LabelForm } from "../image/dataset.ts";
import type { Runtime, Session, Tensors } from "../runtime/runtime.ts";
import { shareInterval } from "../statistics.ts";
import type { BatchSource } from "./data/batch-source.ts";
import { answerKinds, type AnswerKind, type PictureAnswer } from "./evaluate-answers.ts";
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

/** What a network made of one example, and the loss of it. */
interface LossPrediction extends Prediction {
  readonly loss: number;
}

/**
 * What a network made of a data set. Where labels are of places or objects, the confusion counts these (objects
 * with a last row and column for nothing), the accuracy is the share of them whose class is found, there are no
 * predictions of pictures, and the interval takes each picture for one draw.
 */
export interface Evaluation extends Classification {
  /** Mean over all examples. */
  readonly loss: number;
  /** One for each example, in the order in which they came. */
  readonly predictions: readonly LossPrediction[];
  /** Where labels are of places or objects: what the network is judged by. */
  readonly quality?: Quality;
  /** Of the pictures in their order, with the loss of each. */
  readonly answers?: readonly JudgedAnswer[];
}

/** What a network told of a picture, and the loss of it. */
export interface JudgedAnswer {
  /** Number of the example within the data set. */
  readonly index: number;
  readonly loss: number;
  readonly answer: PictureAnswer;
}

/** A network ready to be evaluated with ever new values. */
export interface Evaluator {
  /**
   * Evaluates every example of the source's epoch 0; rows that fill up its last batch count for nothing.
   * `state` holds at least the parameters and memory, by the names of `startState`. Throws `bad-option`
   * if there is no example, `aborted` when the signal fires.
   */
  evaluate(state: Tensors, source: BatchSource, signal?: StopSignal): Promise<Evaluation>;
  release(): Promise<void>;
}

/** What an evaluation is made of. */
export type EvaluatorDesign = Pick<StepDesign, "network" | "batchSize" | "loss" | "frozen">;

/** Compiles a network for evaluation, as it behaves in inference. */
export async function openEvaluator(runtime: Runtime, design: EvaluatorDesign): Promise<Evaluator> {
  const b = new GraphBuilder();
  const { pictures, labels } = declareBatch(b, design);
  const values = declareValues(b, design.network, design.frozen);
  b.scope = "network/";
  const built = design.network.build(b, pictures, values, "inference");
  b.scope = "";
  const losses = design.loss.build(b, built.logits, labels, built.boxes);
  b.output(b.op("Identity", [losses], {}, "losses"));
  const { labelForm } = design.loss;
  if (labelForm) answerKinds[labelForm.kind].declare(b, built);
  else b.output(b.op("Identity", [predictions(b, built.logits)], {}, "predicted"));
  const session = await runtime.open(b.build("evaluation"));
  return {
    evaluate: (state, source, signal) =>
      labelForm
        ? evaluateAnswers({ ...design, labelForm }, session, state, source, signal)
        : evaluate(design, session, state, source, signal),
    release: () => session.release(),
  };
}

/** As `evaluate`, where labels are of places or objects. */
async function evaluateAnswers(
  design: EvaluatorDesign & { readonly labelForm: LabelForm },
  session: Session,
  state: Tensors,
  source: BatchSource,
  signal: StopSignal | undefined,
): Promise<Evaluation> {
  const { network, batchSize, labelForm } = design;
  const kind: AnswerKind = answerKinds[labelForm.kind];
  const values = inferenceState(design, state);
  const each = elementCount(labelForm.dims);
  const answers: JudgedAnswer[] = [];
  for await (const batch of source.batches(0, 0, signal)) {
    throwIfAborted(signal, "evaluate");
    if (batch.indices.length === 0) continue;
    const full = fullBatch(batch, batchSize, network.inputDims, network.classes, labelForm);
    const results = await session.run({ ...values, ...batchFeeds(full) });
    const losses = toNumbers(results["losses"]!);
    for (const [row, index] of batch.indices.entries()) {
      const labels = batch.labels.slice(row * each, (row + 1) * each);
      answers.push({ index, loss: losses[row]!, answer: kind.read(results, row, labels) });
    }
  }
  const examples = answers.length;
  if (examples === 0) throw nothingToEvaluate();
  const { quality, confusion } = kind.sum(
    answers.map(({ answer }) => answer),
    network.classes,
  );
  const counted = confusion.slice(0, network.classes);
  const right = counted.reduce((sum, row, c) => sum + row[c]!, 0);
  const accuracy = right / Math.max(sumOf(counted.flat()), 1);
  const loss = sumOf(answers.map((one) => one.loss)) / examples;
  const interval = shareInterval(accuracy, examples);
  return {
    examples,
    right,
    accuracy,
    interval,
    confusion,
    loss,
    predictions: [],
    quality,
    answers,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
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
  const made: LossPrediction[] = [];
  for await (const batch of source.batches(0, 0, signal)) {
    throwIfAborted(signal, "evaluate");
    if (batch.labels.length === 0) continue;
    const full = fullBatch(batch, batchSize, network.inputDims, classes);
    const results = await session.run({ ...values, ...batchFeeds(full) });
    const losses = toNumbers(results["losses"]!);
    const found = toNumbers(results["predicted"]!);
    for (const [row, label] of batch.labels.entries()) {
      const index = batch.indices[row]!;
      made.push({ index, label, predicted: found[row]!, loss: losses[row]! });
    }
  }
  const loss = made.reduce((sum, prediction) => sum + prediction.loss, 0) / made.length;
  return { ...classificationOf(made, classes), loss, predictions: made };
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
