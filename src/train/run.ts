/** @file A training run under way: epochs of steps, each evaluated, with checkpoints in between. */
import { LimpidError, throwIfAborted } from "../errors.ts";
import { allFinite } from "../graph/finite.ts";
import { toNumbers } from "../graph/tensor.ts";
import type { Session, Tensors } from "../runtime/runtime.ts";
import type { Batch } from "./data/batch-source.ts";
import { inferenceState, type Evaluator } from "./evaluate.ts";
import { fullBatch } from "./full-batch.ts";
import type { Moment } from "./schedules.ts";
import {
  noSums,
  trainedValues,
  type BestEpoch,
  type EpochRecord,
  type EpochSums,
  type Score,
  type TrainingState,
} from "./state.ts";
import { classCount, stepFeeds, stepNames, type StepDesign, type TrainingStep } from "./step.ts";
import type { TrainingResult, TrainOptions } from "./train.ts";

/** What a run has compiled. */
export interface Compiled {
  readonly step: TrainingStep;
  readonly session: Session;
  readonly evaluator: Evaluator;
}

/** A run under way. Its state changes only between steps, as a whole. */
export class Run {
  readonly #design: StepDesign;
  readonly #options: TrainOptions;
  readonly #compiled: Compiled;
  #state: TrainingState;
  #savedAt: number;

  constructor(design: StepDesign, options: TrainOptions, compiled: Compiled, start: TrainingState) {
    this.#design = design;
    this.#options = options;
    this.#compiled = compiled;
    this.#state = start;
    this.#savedAt = options.clock();
  }

  async finish(): Promise<TrainingResult> {
    try {
      while (this.#state.history.length < this.#options.epochs) {
        await this.#trainEpoch();
        await this.#evaluateEpoch();
      }
    } catch (error) {
      if (error instanceof LimpidError && error.code === "aborted") await this.#save();
      throw error;
    }
    const { history, tensors, best } = this.#state;
    const { network } = this.#design;
    const { epoch, score } = best!;
    return {
      history,
      final: trainedValues(network, tensors),
      best: { epoch, score, ...trainedValues(network, best!.tensors) },
    };
  }

  /** The batches of an epoch that are not done yet; each is asked for while the one before goes through its step. */
  async #trainEpoch(): Promise<void> {
    const { training, signal, clock, checkpoints } = this.#options;
    const { history, batch: done } = this.#state;
    const batches = training.batches(history.length, done, signal)[Symbol.asyncIterator]();
    let begun = clock();
    try {
      let next = ask(batches);
      for (;;) {
        const { value, done: isLast } = await next;
        if (isLast) break;
        throwIfAborted(signal, "train");
        next = ask(batches);
        await this.#trainBatch(value, begun);
        begun = clock();
        if (checkpoints && begun - this.#savedAt >= checkpoints.everyMs) await this.#save();
      }
    } finally {
      await batches.return?.();
    }
  }

  /** One step; `begun` is when the wait for its batch began. */
  async #trainBatch(batch: Batch, begun: number): Promise<void> {
    const { epochs, schedule, training, seed = 0, clock, onStep } = this.#options;
    const { network, batchSize, loss } = this.#design;
    const { step: graph, session } = this.#compiled;
    const { tensors, history, batch: done } = this.#state;
    const examples = batch.indices.length;
    if (examples === 0) {
      this.#state = { ...this.#state, batch: done + 1 };
      return;
    }
    const moment = this.#moment();
    const rate = schedule.rate(moment);
    const full = fullBatch(
      batch,
      batchSize,
      network.inputDims,
      classCount(network),
      loss.labelForm,
    );
    const stepBegun = clock();
    const now = { seed, step: moment.step + 1, rate };
    const results = await session.run(stepFeeds(this.#design, graph, tensors, full, now));
    const ended = clock();
    this.#checkFinite(lossOf(results), "loss");
    const took = { seconds: (ended - begun) / 1000, stepSeconds: (ended - stepBegun) / 1000 };
    const next = [...graph.state].map(([name, output]) => [name, results[output]!] as const);
    this.#state = {
      ...this.#state,
      batch: done + 1,
      tensors: Object.fromEntries(next),
      sums: added(this.#state.sums, results, examples, took),
    };
    onStep?.({
      epoch: history.length + 1,
      epochs,
      batch: done + 1,
      batches: training.batchesPerEpoch,
      loss: lossOf(results),
      rate,
      sums: this.#state.sums,
    });
  }

  /** Evaluates the network on the held-out data and closes the epoch. */
  async #evaluateEpoch(): Promise<void> {
    const { heldOut, signal, clock, onEpoch } = this.#options;
    const begun = clock();
    const { evaluator } = this.#compiled;
    const evaluation = await evaluator.evaluate(this.#state.tensors, heldOut, signal);
    this.#checkFinite(evaluation.loss, "held-out loss");
    const { history, tensors, sums, best } = this.#state;
    const { loss, accuracy, examples, quality } = evaluation;
    const score: Score = {
      loss,
      accuracy,
      examples,
      ...(quality ? { quality: quality.value } : {}),
    };
    const record: EpochRecord = {
      epoch: history.length + 1,
      rate: this.#options.schedule.rate(this.#moment(-1)),
      training: trainingScore(sums),
      heldOut: score,
      seconds: sums.seconds + (clock() - begun) / 1000,
      stepSeconds: sums.stepSeconds,
    };
    this.#state = {
      ...this.#state,
      batch: 0,
      sums: noSums,
      history: [...history, record],
      best: isBetter(score, best)
        ? { epoch: record.epoch, score, tensors: inferenceState(this.#design, tensors) }
        : best,
    };
    await this.#save();
    await onEpoch?.(record, evaluation);
  }

  /** Where training stands, some batches from here. */
  #moment(later = 0): Moment {
    const { history, batch } = this.#state;
    const stepsPerEpoch = this.#options.training.batchesPerEpoch;
    return {
      step: history.length * stepsPerEpoch + batch + later,
      stepsPerEpoch,
      epochs: this.#options.epochs,
      heldOutLosses: history.map(({ heldOut }) => heldOut.loss),
    };
  }

  /** Hands a checkpoint over, if the state is worth one. */
  async #save(): Promise<void> {
    const { checkpoints, clock } = this.#options;
    for (const [name, value] of Object.entries(this.#state.tensors)) {
      if (!allFinite(value)) this.#stop(`"${name}"`, "NaN or infinity");
    }
    if (!checkpoints) return;
    await checkpoints.save(this.#state);
    this.#savedAt = clock();
  }

  #checkFinite(value: number, what: string): void {
    if (!Number.isFinite(value)) this.#stop(`the ${what}`, String(value));
  }

  #stop(what: string, got: string): never {
    const { history, batch } = this.#state;
    throw new LimpidError(
      "runtime",
      `train: ${what} must stay finite, got ${got} at batch ${batch + 1} of epoch ${history.length + 1}. the last good checkpoint is kept; use a smaller learning rate or clip the gradients.`,
    );
  }
}

function lossOf(results: Tensors): number {
  return toNumbers(results[stepNames.loss]!)[0]!;
}

/** The sums of an epoch with one more step. */
function added(
  sums: EpochSums,
  results: Tensors,
  examples: number,
  took: Pick<EpochSums, "seconds" | "stepSeconds">,
): EpochSums {
  return {
    loss: sums.loss + lossOf(results) * examples,
    correct: sums.correct + toNumbers(results[stepNames.correct]!)[0]!,
    examples: sums.examples + examples,
    seconds: sums.seconds + took.seconds,
    stepSeconds: sums.stepSeconds + took.stepSeconds,
  };
}

/** Asks for the next batch; a failure is told when the batch is awaited, not before. */
function ask(batches: AsyncIterator<Batch>): Promise<IteratorResult<Batch>> {
  const next = batches.next();
  next.catch(() => undefined);
  return next;
}

function trainingScore({ loss, correct, examples }: EpochSums): Score {
  if (examples > 0) return { loss: loss / examples, accuracy: correct / examples, examples };
  throw new LimpidError(
    "bad-option",
    "train: there must be examples that can be read, got none. check the data set's files.",
  );
}

function isBetter(score: Score, best: BestEpoch | undefined): boolean {
  if (!best) return true;
  const [now, before] = [score, best.score].map(({ quality, accuracy }) => quality ?? accuracy);
  return now! > before! || (now === before && score.loss < best.score.loss);
}
