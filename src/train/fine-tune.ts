/** @file Fine-tuning: any model as a network that can be trained, on its own classes or on others. */
import { hasTrait } from "../graph/operators.ts";
import { LimpidError } from "../errors.ts";
import type { GraphBuilder, Value } from "../graph/builder.ts";
import { nodesBefore } from "../graph/edit.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { formatShape, type Tensor } from "../graph/tensor.ts";
import { findLayer } from "../network/layers.ts";
import type { Model } from "../network/model.ts";
import { drawKernel, filledWith } from "../layers/initialize.ts";
import { requireTrainable } from "./require-trainable.ts";
import type { BuiltNetwork, TrainableNetwork } from "./trainable-network.ts";

export interface FineTuneOptions {
  /** Pictures of a step. */
  readonly batchSize: number;
  /** Units of the last layer; a new one is drawn where the model has others. */
  readonly units: number;
  /** The parameters of this layer and of all before it stay as they are; its name or part of it. */
  readonly freezeUpTo?: string;
  /** [C, H, W] of the pictures; the model's own by default. */
  readonly inputDims?: readonly [number, number, number];
  /** What a new last layer is drawn from; 0 by default. */
  readonly seed?: number;
}

/** A network, and the parameters of it that stay as they are. */
export interface FineTunedNetwork {
  readonly network: TrainableNetwork;
  readonly frozen: ReadonlySet<string>;
}

/** Inputs of operators that are weights: those of `decayed` are shrunk by weight decay. */
const weightInputs: Readonly<
  Record<string, { readonly decayed: readonly number[]; readonly other: readonly number[] }>
> = {
  Conv: { decayed: [1], other: [2] },
  ConvTranspose: { decayed: [1], other: [2] },
  Gemm: { decayed: [1], other: [2] },
  MatMul: { decayed: [0, 1], other: [] },
  BatchNormalization: { decayed: [], other: [1, 2] },
  LayerNormalization: { decayed: [], other: [1, 2] },
  PRelu: { decayed: [], other: [1] },
  Add: { decayed: [], other: [0, 1] },
  Mul: { decayed: [], other: [0, 1] },
};

/**
 * A model to be fine-tuned. Batch normalisation keeps the model's mean and variance, dropout
 * does nothing. Where the model has another number of units than asked for, its last convolution or dense
 * layer is replaced by a new dense one on the mean over all places. Throws `shape-mismatch` if the model fixes
 * another batch, `unknown-layer`, `bad-option` where nothing can be trained, and as `requireTrainable`.
 */
export async function fineTunedNetwork(
  model: Model,
  options: FineTuneOptions,
): Promise<FineTunedNetwork> {
  const [, ...own] = model.inputDims();
  const inputDims = options.inputDims ?? own;
  const whole = await model.part([model.logits], [1, ...inputDims]);
  const keepsHead = unitsOf(whole, model.logits) === options.units;
  const features = keepsHead ? model.logits : lastWeightedInput(whole, model.logits);
  const traces = new Map<number, Graph>();
  for (const pictures of new Set([1, options.batchSize])) {
    // oxlint-disable-next-line no-await-in-loop -- one trace is memory enough
    traces.set(pictures, await model.part([features], [pictures, ...inputDims]));
  }
  const body = traces.get(1)!;
  const { parameters, decayed } = weightsOf(body);
  const head = keepsHead ? undefined : new NewHead(body, features, options);
  for (const [name, value] of head?.parameters ?? []) parameters.set(name, value);
  if (head) decayed.add(head.kernel);
  const frozen = frozenBy(body, parameters, options.freezeUpTo);
  const trained = [...parameters.keys()].filter((name) => !frozen.has(name));
  requireTrainable(
    body,
    features,
    trained.filter((name) => body.initializers.has(name)),
  );
  if (parameters.size === 0) {
    throw new LimpidError("bad-option", "train: the model must have weights, got none.");
  }
  const network: TrainableNetwork = {
    inputDims,
    classes: options.units,
    activation: options.units === 1 ? "sigmoid" : "softmax",
    parameters,
    memory: new Map(),
    decayed,
    build: (b, pictures, values): BuiltNetwork => {
      const graph = traces.get(pictures.dims[0]!)!;
      const bound = new Map([...values, [graph.inputs[0]!.name, pictures] as const]);
      const end = b.embed(graph, bound).get(features)!;
      const logits = head ? head.build(b, end, values) : rowsOf(b, end);
      return { logits, memory: new Map(), random: [] };
    },
  };
  return { network, frozen };
}

function unitsOf(graph: Graph, logits: string): number {
  return graph.shapes
    .get(logits)!
    .dims.slice(1)
    .reduce((product, dim) => product * dim, 1);
}

function rowsOf(b: GraphBuilder, logits: Value): Value {
  const units = logits.dims.slice(1).reduce((product, dim) => product * dim, 1);
  return logits.dims.length === 2 ? logits : b.op("Reshape", [logits, b.ints([-1, units])]);
}

/** What the last convolution or dense layer before the logits reads. */
function lastWeightedInput(graph: Graph, logits: string): string {
  for (const node of nodesBefore(graph, logits)) {
    const isWeighted = hasTrait(node, "weights");
    if (isWeighted && graph.initializers.has(node.inputs[1]!)) return node.inputs[0]!;
  }
  throw new LimpidError(
    "bad-option",
    "train: a model of other classes must end in a convolution or a dense layer, got neither. give data with the model's number of classes.",
  );
}

/** Floating initializers that nodes use as weights. */
function weightsOf(graph: Graph): {
  readonly parameters: Map<string, Tensor>;
  readonly decayed: Set<string>;
} {
  const parameters = new Map<string, Tensor>();
  const decayed = new Set<string>();
  for (const node of graph.nodes) {
    const known = node.domain === "" ? weightInputs[node.operator] : undefined;
    for (const at of [...(known?.decayed ?? []), ...(known?.other ?? [])]) {
      const name = node.inputs[at];
      const value = name === undefined ? undefined : graph.initializers.get(name);
      if (!value || value.type !== "float32" || value.dims.length === 0) continue;
      parameters.set(name!, value);
      if (known!.decayed.includes(at)) decayed.add(name!);
    }
  }
  return { parameters, decayed };
}

/** Parameters that the layer, or what leads to it, reads. */
function frozenBy(
  graph: Graph,
  parameters: ReadonlyMap<string, Tensor>,
  upTo: string | undefined,
): ReadonlySet<string> {
  if (upTo === undefined) return new Set();
  const nodes: ReadonlySet<Node> = nodesBefore(graph, findLayer(graph, upTo).name);
  const read = [...nodes].flatMap((node) => node.inputs);
  return new Set(read.filter((name) => parameters.has(name)));
}

/** A dense layer on the mean over all places, in the place of a model's own last one. */
class NewHead {
  readonly kernel: string;
  readonly parameters: ReadonlyMap<string, Tensor>;
  readonly #bias: string;

  constructor(graph: Graph, features: string, { units, seed = 0 }: FineTuneOptions) {
    const { dims } = graph.shapes.get(features)!;
    if (dims.length !== 2 && dims.length !== 4) {
      throw new LimpidError(
        "bad-option",
        `train: what the model's last layer reads must be [N, C, H, W] or [N, features], got ${formatShape(dims)}. give data with the model's number of classes.`,
      );
    }
    const name = graph.initializers.has("logits/kernel") ? "new_logits" : "logits";
    this.kernel = `${name}/kernel`;
    this.#bias = `${name}/bias`;
    const fans = { in: dims[1]!, out: units };
    this.parameters = new Map([
      [this.kernel, drawKernel("glorot-uniform", [dims[1]!, units], fans, seed, name)],
      [this.#bias, filledWith(0, [units])],
    ]);
  }

  build(b: GraphBuilder, features: Value, values: ReadonlyMap<string, Value>): Value {
    const pooled = features.dims.length === 4 ? b.op("GlobalAveragePool", [features]) : features;
    const rows = b.op("Reshape", [pooled, b.ints([-1, features.dims[1]!])]);
    return b.op("Gemm", [rows, values.get(this.kernel)!, values.get(this.#bias)!]);
  }
}
