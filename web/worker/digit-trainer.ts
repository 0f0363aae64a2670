/** @file A small network that learns drawn digits by the library's own training: its state, and the moments that are kept. */
import { LimpidError, type StopSignal } from "../../src/errors.ts";
import { digits } from "../../src/drawn/digits.ts";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { GraphBuilder } from "../../src/graph/builder.ts";
import { tensor, toFloat32, type Tensor } from "../../src/graph/tensor.ts";
import { keptPictures } from "../../src/image/kept-pictures.ts";
import { adam } from "../../src/optimize/adam.ts";
import type { Runtime, Session, Tensors } from "../../src/runtime/runtime.ts";
import { batchSource } from "../../src/train/data/batches.ts";
import { describedNetwork } from "../../src/train/described-network.ts";
import { inferenceState, type Evaluation } from "../../src/train/evaluate.ts";
import { exportNetwork } from "../../src/train/export.ts";
import { crossEntropy } from "../../src/train/losses.ts";
import { constant } from "../../src/train/schedules.ts";
import { trainedValues, type EpochRecord, type TrainingState } from "../../src/train/state.ts";
import { declareValues, startState } from "../../src/train/step.ts";
import { train } from "../../src/train/train.ts";
import type { TrainableNetwork } from "../../src/train/trainable-network.ts";
import type { MaximizedUnit } from "../../src/optvis/maximize.ts";
import { digitPreparation, digitSide, excitedAnswers } from "./excited-answers.ts";

const batch = 32;
/** A second or two an epoch on two cores. */
const sizes = { training: 2560, heldOut: 500 };
const rate = 0.003;
/** So often it is looked at within an epoch. */
const everyMs = 250;
/** Weights that are kept: 22 KB each. */
const mostKept = 400;

/** 5,618 parameters, so that a step takes some milliseconds. */
function smallNetwork(seed: number): TrainableNetwork {
  return describedNetwork(
    {
      input: [1, digitSide, digitSide],
      layers: [
        { type: "conv2d", name: "conv1", filters: 8, kernel: 5, activation: "relu" },
        { type: "maxPool", name: "pool1" },
        { type: "conv2d", name: "conv2", filters: 16, kernel: 3, activation: "relu" },
        { type: "maxPool", name: "pool2" },
        { type: "flatten", name: "flatten" },
        { type: "dense", name: "logits", units: 10 },
      ],
    },
    seed,
  );
}

/** What the network was at a moment. */
export interface KeptMoment {
  readonly epoch: number;
  readonly tensors: Tensors;
}

/** What the network makes of a digit. */
export interface DigitAnswer {
  /** [16, 11, 11]. */
  readonly maps: Tensor;
  readonly probabilities: readonly number[];
}

export interface TrainerListener {
  readonly signal: StopSignal;
  onLoss(loss: number): void;
  onKept(moment: KeptMoment, number: number): Promise<void>;
  onEpoch(record: EpochRecord, evaluation: Evaluation): void;
}

export class DigitTrainer {
  readonly kept: KeptMoment[] = [];
  readonly classes: readonly string[];
  readonly #network: TrainableNetwork;
  readonly #runtime: Runtime;
  readonly #seed: number;
  readonly #split: ReturnType<typeof digits>;
  #state: TrainingState | undefined;
  #session: Promise<Session> | undefined;

  constructor(runtime: Runtime, seed: number) {
    this.#runtime = runtime;
    this.#seed = seed;
    this.#network = smallNetwork(seed);
    const { training, heldOut } = digits(seed, sizes);
    this.#split = { training: keptPictures(training), heldOut: keptPictures(heldOut) };
    this.classes = training.classes;
    const design = { network: this.#network, optimizer: adam() };
    this.kept.push({ epoch: 0, tensors: inferenceState(design, startState(design)) });
  }

  /** Goes on for some more epochs. Throws `aborted` when stopped; what was learned until then is kept. */
  async train(epochs: number, listener: TrainerListener): Promise<void> {
    const done = this.#state?.history.length ?? 0;
    await train(this.#network, this.#runtime, {
      training: batchSource(this.#split.training, { batch, seed: this.#seed, shuffle: true }),
      heldOut: batchSource(this.#split.heldOut, { batch }),
      batchSize: batch,
      loss: crossEntropy(),
      optimizer: adam(),
      schedule: constant(rate),
      epochs: done + epochs,
      seed: this.#seed,
      clock: () => performance.now(),
      signal: listener.signal,
      checkpoints: { everyMs, save: (state) => this.#keep(state, listener) },
      ...(this.#state ? { resume: this.#state } : {}),
      onStep: ({ loss }) => listener.onLoss(loss),
      onEpoch: (record, evaluation) => listener.onEpoch(record, evaluation),
    });
  }

  get epochsDone(): number {
    return this.#state?.history.length ?? 0;
  }

  async #keep(state: TrainingState, listener: TrainerListener): Promise<void> {
    this.#state = state;
    const epoch = state.history.length + state.batch / state.kind.batchesPerEpoch;
    const last = this.kept.at(-1)!;
    if (epoch === last.epoch) return;
    const moment = { epoch, tensors: inferenceState({ network: this.#network }, state.tensors) };
    if (this.kept.length < mostKept) this.kept.push(moment);
    else this.kept[mostKept - 1] = moment;
    await listener.onKept(moment, this.kept.length - 1);
  }

  /** A kept moment; of none the last. Throws `bad-option` for one that there is not. */
  momentAt(number: number | undefined): KeptMoment {
    const moment = number === undefined ? this.kept.at(-1) : this.kept[number];
    if (moment) return moment;
    throw new LimpidError(
      "bad-option",
      `training: a moment must be one of the ${this.kept.length} that are kept, got ${number}. choose one of them.`,
    );
  }

  /** Of the first layer: [8, 1, 5, 5]. */
  kernelsAt({ tensors }: KeptMoment): Tensor {
    return Object.entries(tensors).find(([name]) => name.endsWith("conv1/kernel"))![1];
  }

  /** What the network of a moment makes of a digit [28 * 28] in 0..1. */
  async ask({ tensors }: KeptMoment, digit: Float32Array): Promise<DigitAnswer> {
    this.#session ??= this.#runtime.open(lookingGraph(this.#network));
    const session = await this.#session;
    const pictures = tensor("float32", [1, 1, digitSide, digitSide], Float32Array.from(digit));
    const results = await session.run({ ...tensors, pictures });
    const { dims, data } = results["network/conv2"]!;
    return {
      maps: tensor("float32", dims.slice(1), data as Float32Array),
      probabilities: Array.from(toFloat32(results["probabilities"]!)),
    };
  }

  /** What excites each answer of a moment most; the seed of the training is that of the noise, too. Throws `aborted`. */
  excitedAt(moment: KeptMoment, signal: StopSignal): Promise<readonly MaximizedUnit[]> {
    return excitedAnswers(this.#graphAt(moment), this.#runtime, { seed: this.#seed, signal });
  }

  /** The network of a moment as a file, which says how its pictures are prepared. */
  modelAt(moment: KeptMoment): Uint8Array {
    return encodeOnnx(this.#graphAt(moment)).bytes;
  }

  #graphAt({ epoch, tensors }: KeptMoment): Graph {
    return exportNetwork(this.#network, trainedValues(this.#network, tensors), {
      classes: this.classes,
      preprocessing: digitPreparation,
      training: { data: "drawn digits", seed: this.#seed, epoch },
    });
  }

  async release(): Promise<void> {
    await (await this.#session)?.release();
  }
}

/** One picture through a network whose weights are fed: its answer, and the second layer's maps. */
function lookingGraph(network: TrainableNetwork) {
  const b = new GraphBuilder();
  const pictures = b.input("pictures", [1, ...network.inputDims]);
  const values = declareValues(b, network);
  b.scope = "network/";
  const { logits } = network.build(b, pictures, values, "inference");
  b.scope = "";
  b.output(b.op("Softmax", [logits], { axis: 1 }, "probabilities"));
  const graph = b.build("looking");
  const name = "network/conv2";
  return { ...graph, outputs: [...graph.outputs, { name, ...graph.shapes.get(name)! }] };
}
