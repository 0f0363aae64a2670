/** @file One training step as one graph: a batch, parameters, memory and slots in; loss and the next ones out. */
import { backpropagate } from "../autodiff/differentiate.ts";
import { LimpidError } from "../errors.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, zeros, type Tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import type { Tensors } from "../runtime/runtime.ts";
import type { FullBatch } from "./full-batch.ts";
import type { Loss } from "./losses.ts";
import type { BuiltNetwork, RandomInput, TrainableNetwork } from "./trainable-network.ts";
import { clipByNorm } from "../optimize/clip-by-norm.ts";
import type { Optimizer } from "../optimize/optimizer.ts";

/** Everything a step is made of. */
export interface StepDesign {
  readonly network: TrainableNetwork;
  /** Rows of a batch, N. */
  readonly batchSize: number;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Largest norm of all gradients together; they are shortened to it. No limit by default. */
  readonly clipNorm?: number;
  /** Parameters that stay as they are: constants of the graph. */
  readonly frozen?: ReadonlySet<string>;
}

/** Names of the tensors that a step graph takes and gives. */
export const stepNames = {
  /** [N, C, H, W] in the network's own range. */
  pictures: "pictures",
  /** Class of each picture, [N], int32, or labels [N, ...dims] of the loss's form. */
  labels: "labels",
  /** How much each example counts, [N]: 1, or 0 for a row that fills the batch up. */
  shares: "shares",
  /** Mean loss over the examples, before the step. */
  loss: "loss",
  /** Number of examples whose class is found, before the step; with a `labelForm` the sum of shares. */
  correct: "correct",
  parameter: (name: string) => `parameter/${name}`,
  memory: (name: string) => `memory/${name}`,
  slot: (slot: string, parameter: string) => `slot/${slot}/${parameter}`,
  coefficient: (name: string) => `coefficient/${name}`,
} as const;

export interface TrainingStep {
  readonly graph: Graph;
  /** State tensors: input name to output name. */
  readonly state: ReadonlyMap<string, string>;
  /** Random bytes that every step feeds. */
  readonly random: readonly RandomInput[];
}

/**
 * The graph of one step. Outputs: `loss`, `correct` and the next state. Throws `bad-option` for frozen
 * names that are no parameters, if nothing is left to train, and where a parameter does not reach the loss.
 */
export function buildTrainingStep(design: StepDesign): TrainingStep {
  const { network, optimizer, clipNorm } = design;
  const b = new GraphBuilder();
  const { pictures, labels } = declareBatch(b, design);
  const shares = b.input(stepNames.shares, [design.batchSize]);
  const values = declareValues(b, network, design.frozen);
  b.scope = "network/";
  const built = network.build(b, pictures, values, "training");
  b.scope = "loss/";
  const { loss, correct } = measured(b, design.loss, built, labels, shares);
  b.scope = "";
  const trained = trainedParameters(network, design.frozen);
  const wrt = trained.map((name) => values.get(name)!);
  const raw = backpropagate(b, { of: loss, wrt });
  b.scope = "update/";
  const gradients = clipNorm === undefined ? raw : clipByNorm(b, raw, clipNorm);
  const coefficients = optimizer.coefficients.map((name) =>
    b.input(stepNames.coefficient(name), []),
  );
  const next = new Map<string, Value>();
  for (const [i, name] of trained.entries()) {
    const slots = optimizer.slots.map((slot) => b.input(stepNames.slot(slot, name), wrt[i]!.dims));
    const decays = network.decayed.has(name);
    const step = { variable: wrt[i]!, gradient: gradients[i]!, slots, coefficients, decays };
    const after = optimizer.build(b, step);
    next.set(wrt[i]!.name, after.variable);
    for (const [k, slot] of slots.entries()) next.set(slot.name, after.slots[k]!);
  }
  for (const name of network.memory.keys())
    next.set(stepNames.memory(name), built.memory.get(name)!);
  b.scope = "";
  b.output(b.op("Identity", [loss], {}, stepNames.loss));
  b.output(b.op("Identity", [correct], {}, stepNames.correct));
  for (const value of next.values()) b.output(value);
  const state = new Map([...next].map(([name, value]) => [name, value.name]));
  return { graph: b.build("training-step"), state, random: built.random };
}

/** Names of the parameters that are not frozen, in the network's order. */
export function trainedParameters(
  network: TrainableNetwork,
  frozen: ReadonlySet<string> = new Set(),
): string[] {
  const known = [...network.parameters.keys()];
  const stranger = [...frozen].find((name) => !network.parameters.has(name));
  if (stranger !== undefined) {
    throw new LimpidError(
      "bad-option",
      `train: frozen names must be parameters (${known.join(", ")}), got "${stranger}".`,
    );
  }
  const trained = known.filter((name) => !frozen.has(name));
  if (trained.length > 0) return trained;
  throw new LimpidError(
    "bad-option",
    `train: a parameter must be left to train, got ${known.length} of ${known.length} frozen.`,
  );
}

/** The pictures and labels of a batch as graph inputs. */
export function declareBatch(
  b: GraphBuilder,
  { network, batchSize, loss }: Pick<StepDesign, "network" | "batchSize" | "loss">,
): { readonly pictures: Value; readonly labels: Value } {
  return {
    pictures: b.input(stepNames.pictures, [batchSize, ...network.inputDims]),
    labels: b.input(stepNames.labels, [batchSize, ...(loss.labelForm?.dims ?? [])], "int32"),
  };
}

/** Parameters and memory as graph inputs, frozen parameters as constants, by the network's own names. */
export function declareValues(
  b: GraphBuilder,
  network: TrainableNetwork,
  frozen: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, value] of network.parameters) {
    const called = stepNames.parameter(name);
    const isFrozen = frozen.has(name);
    values.set(name, isFrozen ? b.initializer(called, value) : b.input(called, value.dims));
  }
  for (const [name, { dims }] of network.memory) {
    values.set(name, b.input(stepNames.memory(name), dims));
  }
  return values;
}

/** Mean loss and number of right classes (with a `labelForm` shares); rows that fill the batch up count for neither. */
function measured(
  b: GraphBuilder,
  loss: Loss,
  { logits, boxes }: Pick<BuiltNetwork, "logits" | "boxes">,
  labels: Value,
  shares: Value,
): { loss: Value; correct: Value } {
  const losses = loss.build(b, logits, labels, boxes);
  const counted = b.reduceSum(b.mul(losses, shares), [0], false);
  const mean = b.div(counted, b.reduceSum(shares, [0], false));
  const found =
    loss.found?.(b, logits, labels, boxes) ??
    b.cast(b.op("Equal", [predictions(b, logits), labels]), "float32");
  const correct = b.reduceSum(b.mul(found, shares), [0], false);
  return { loss: mean, correct };
}

/** The class that is found in each row, [N], int32: of the largest logit, or 1 where the one unit is positive. */
export function predictions(b: GraphBuilder, logits: Value): Value {
  if (logits.dims[1] !== 1) {
    return b.cast(b.op("ArgMax", [logits], { axis: 1, keepdims: 0 }), "int32");
  }
  return b.cast(b.greater(b.reshape(logits, [logits.dims[0]!]), b.scalar(0)), "int32");
}

/** The state before the first step: the network's own start values, and empty slots. */
export function startState(
  design: Pick<StepDesign, "network" | "optimizer" | "frozen">,
): Record<string, Tensor> {
  const { network, optimizer, frozen } = design;
  const state: Record<string, Tensor> = {};
  for (const name of trainedParameters(network, frozen)) {
    const value = network.parameters.get(name)!;
    state[stepNames.parameter(name)] = value;
    for (const slot of optimizer.slots) {
      state[stepNames.slot(slot, name)] = zeros("float32", value.dims);
    }
  }
  for (const [name, value] of network.memory) state[stepNames.memory(name)] = value;
  return state;
}

/** What a step feeds besides the state and the batch. */
export interface StepMoment {
  readonly seed: number;
  /** Number of the step, from 1. */
  readonly step: number;
  /** Learning rate. */
  readonly rate: number;
}

/** Everything that a step feeds. The random bytes depend on the seed and the step alone. */
export function stepFeeds(
  { optimizer }: Pick<StepDesign, "optimizer">,
  { random }: Pick<TrainingStep, "random">,
  state: Tensors,
  batch: FullBatch,
  { seed, step, rate }: StepMoment,
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = { ...state, ...batchFeeds(batch) };
  feeds[stepNames.shares] = tensor("float32", [batch.shares.length], batch.shares);
  const numbers = optimizer.at(step, rate);
  for (const [i, name] of optimizer.coefficients.entries()) {
    feeds[stepNames.coefficient(name)] = tensor("float32", [], Float32Array.of(numbers[i]!));
  }
  for (const { name, dims } of random) {
    const length = dims.reduce((product, dim) => product * dim, 1);
    const bytes = randomStream(seed, "dropout", step, name).bytes(length);
    feeds[name] = tensor("uint8", dims, bytes);
  }
  return feeds;
}

/** The inputs that `declareBatch` declares. */
export function batchFeeds({ pictures, labels, labelDims }: FullBatch): Record<string, Tensor> {
  return {
    [stepNames.pictures]: pictures,
    [stepNames.labels]: tensor("int32", [pictures.dims[0]!, ...labelDims], labels),
  };
}

/** Number of classes that labels name: a one-unit network tells two apart. */
export function classCount({ classes }: Pick<TrainableNetwork, "classes">): number {
  return Math.max(2, classes);
}
