/** @file What is maximised: objectives as small factories that add graph pieces behind chosen layers. */
import { LimpidError } from "../errors.ts";
import type { GraphBuilder, Value } from "../graph/builder.ts";
import { elementCount, formatShape } from "../graph/tensor.ts";

/** What an objective may use while it is built. */
export interface ObjectiveContext {
  readonly b: GraphBuilder;
  /** The value of a layer, [N, C, ...spatial], one row a picture. */
  layer(name: string): Value;
  /** One of the objective's own parameters, [N, ...dims]. */
  parameter(name: string): Value;
}

/** Numbers that differ from unit to unit. */
export interface ObjectiveParameter {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** The shape [N, C, ...spatial] of a layer. */
export type LayerDims = (layer: string) => readonly number[];

/**
 * A score of each picture of a batch. Objectives with the same `signature` differ only in parameters,
 * so that many units run in one compiled graph.
 */
export interface Objective {
  /** For labels and recipes. */
  readonly description: string;
  readonly signature: string;
  readonly layers: readonly string[];
  /** This unit's parameters. Throws `bad-option` if the layer has no such unit. */
  parameters(dims: LayerDims): Readonly<Record<string, ObjectiveParameter>>;
  /** Adds the score; returns one number a picture, [N]. */
  build(context: ObjectiveContext): Value;
}

/** Far below any logit, so that its exponential is 0. */
const excluded = 1e6;

function spatialAxes(value: Value): number[] {
  return value.dims.map((_, axis) => axis).slice(2);
}

function allButBatch(value: Value): number[] {
  return value.dims.map((_, axis) => axis).slice(1);
}

function oneHot(length: number, index: number, where: string, what: string): Float32Array {
  if (!Number.isInteger(index) || index < 0 || index >= length) {
    throw new LimpidError(
      "bad-option",
      `${where}: ${what} must be a whole number from 0 to ${length - 1}, got ${index}.`,
    );
  }
  const result = new Float32Array(length);
  result[index] = 1;
  return result;
}

/** The sum of a layer times weights over its channels, averaged over space. */
function weightedChannels(
  layer: string,
  description: string,
  weightsOf: (channels: number) => Float32Array,
): Objective {
  return {
    description: `${layer}:${description}`,
    signature: `channel(${layer})`,
    layers: [layer],
    parameters: (dims) => {
      const channels = dims(layer)[1]!;
      return { weights: { dims: [channels], data: weightsOf(channels) } };
    },
    build: ({ b, layer: valueOf, parameter }) => {
      const value = valueOf(layer);
      const pooled = b.reduceMean(value, spatialAxes(value), false);
      return b.reduceSum(b.mul(pooled, parameter("weights")), [1], false);
    },
  };
}

/** The mean over space of one channel; of a dense layer or of the logits, one unit. */
export function channel(layer: string, index: number): Objective {
  return weightedChannels(layer, String(index), (channels) =>
    oneHot(channels, index, `channel "${layer}"`, "channel"),
  );
}

/** The mean over space of the activations' product with a direction in channel space. */
export function direction(layer: string, vector: readonly number[]): Objective {
  return weightedChannels(layer, "direction", (channels) => {
    if (vector.length !== channels) {
      throw new LimpidError(
        "shape-mismatch",
        `direction "${layer}": the vector must have ${channels} numbers, one a channel, got ${vector.length}.`,
      );
    }
    return Float32Array.from(vector);
  });
}

/** Part way from one channel (share 0) to another (share 1). */
export function interpolation(layer: string, from: number, to: number, share: number): Objective {
  return weightedChannels(layer, `${from}-${to}@${share}`, (channels) => {
    const start = oneHot(channels, from, `interpolation "${layer}"`, "channel");
    const end = oneHot(channels, to, `interpolation "${layer}"`, "channel");
    return start.map((weight, i) => (1 - share) * weight + share * end[i]!);
  });
}

/**
 * The log-odds of a class, y_c - log sum_{k != c} exp y_k: what speaks for the class and not as much for its
 * strongest rivals. Unlike the logarithm of the probability, it has no upper end.
 */
export function logOdds(logits: string, index: number): Objective {
  const logit = channel(logits, index);
  return {
    ...logit,
    description: `${logit.description}, log-odds`,
    signature: `logOdds(${logits})`,
    build: ({ b, layer, parameter }) => {
      const value = layer(logits);
      const pooled = b.reduceMean(value, spatialAxes(value), false);
      const chosen = parameter("weights");
      const own = b.reduceSum(b.mul(pooled, chosen), [1], false);
      const others = b.sub(pooled, b.scale(chosen, excluded));
      return b.sub(own, b.op("ReduceLogSumExp", [others, b.ints([1])], { keepdims: 0 }));
    },
  };
}

/** One unit of a spatial layer: a channel at a row and column, the centre by default. */
export function neuron(layer: string, index: number, row?: number, column?: number): Objective {
  const place = row === undefined ? "centre" : `${row},${column}`;
  const where = `neuron "${layer}"`;
  return {
    description: `${layer}:${index}@${place}`,
    signature: `neuron(${layer})`,
    layers: [layer],
    parameters: (dimsOf) => {
      const [, channels, height, width, ...rest] = dimsOf(layer);
      if (height === undefined || width === undefined || rest.length > 0) {
        throw new LimpidError(
          "bad-option",
          `${where}: the layer must have rows and columns, got shape ${formatShape(dimsOf(layer))}. use a channel objective.`,
        );
      }
      const rows = oneHot(height, row ?? Math.floor(height / 2), where, "row");
      const columns = oneHot(width, column ?? Math.floor(width / 2), where, "column");
      return {
        weights: { dims: [channels!, 1, 1], data: oneHot(channels!, index, where, "channel") },
        rows: { dims: [1, height, 1], data: rows },
        columns: { dims: [1, 1, width], data: columns },
      };
    },
    build: ({ b, layer: valueOf, parameter }) => {
      const chosen = b.mul(valueOf(layer), parameter("weights"));
      const inCell = b.mul(b.mul(chosen, parameter("rows")), parameter("columns"));
      return b.reduceSum(inCell, [1, 2, 3], false);
    },
  };
}

/** The mean square of all activations of a layer (Mordvintsev et al., DeepDream, 2015). */
export function deepDream(layer: string): Objective {
  return {
    description: `${layer}:deepdream`,
    signature: `deepDream(${layer})`,
    layers: [layer],
    parameters: () => ({}),
    build: ({ b, layer: valueOf }) => {
      const value = valueOf(layer);
      return b.reduceMean(b.mul(value, value), allButBatch(value), false);
    },
  };
}

/** Minus the mean square difference to the activations of a photo, over their mean square: inversion (Mahendran and Vedaldi 2015). */
export function inversion(layer: string, reference: ObjectiveParameter): Objective {
  return {
    description: `${layer}:inversion`,
    signature: `inversion(${layer})`,
    layers: [layer],
    parameters: (dims) => {
      checkReference(layer, dims(layer), reference);
      const scale = -1 / Math.max(meanSquare(reference.data), 1e-12);
      return { reference, scale: { dims: [], data: Float32Array.of(scale) } };
    },
    build: ({ b, layer: valueOf, parameter }) => {
      const value = valueOf(layer);
      const difference = b.sub(value, parameter("reference"));
      const error = b.reduceMean(b.mul(difference, difference), allButBatch(value), false);
      return b.mul(error, parameter("scale"));
    },
  };
}

/** The product with the activations of a photo times the cosine between them: what the photo has, exaggerated (caricature, Olah et al. 2018). */
export function caricature(layer: string, reference: ObjectiveParameter): Objective {
  return {
    description: `${layer}:caricature`,
    signature: `caricature(${layer})`,
    layers: [layer],
    parameters: (dims) => {
      checkReference(layer, dims(layer), reference);
      const inverse = 1 / Math.sqrt(Math.max(meanSquare(reference.data), 1e-12));
      return { reference, "inverse-norm": { dims: [], data: Float32Array.of(inverse) } };
    },
    build: ({ b, layer: valueOf, parameter }) => {
      const value = valueOf(layer);
      const axes = allButBatch(value);
      const product = b.reduceMean(b.mul(value, parameter("reference")), axes, false);
      const power = b.reduceMean(b.mul(value, value), axes, false);
      const norm = b.op("Sqrt", [b.add(power, b.scalar(1e-12))]);
      const cosine = b.mul(b.div(product, norm), parameter("inverse-norm"));
      return b.mul(product, b.op("Max", [cosine, b.scalar(0.1)]));
    },
  };
}

function meanSquare(data: Float32Array): number {
  return data.reduce((total, x) => total + x * x, 0) / data.length;
}

function checkReference(
  layer: string,
  dims: readonly number[],
  reference: ObjectiveParameter,
): void {
  const wanted = dims.slice(1);
  const fits =
    wanted.length === reference.dims.length && wanted.every((dim, i) => dim === reference.dims[i]);
  if (fits) return;
  throw new LimpidError(
    "shape-mismatch",
    `objective on "${layer}": the reference must have shape ${formatShape(wanted)}, got ${formatShape(reference.dims)}. use a photo of the same size.`,
  );
}

/**
 * Minus the mean cosine between the Gram matrices of the batch's pictures: pictures of one unit that
 * differ in style (Olah et al. 2017, diversity). Meaningful only if the whole batch is one unit.
 */
export function diversity(layer: string): Objective {
  return {
    description: `${layer}:diversity`,
    signature: `diversity(${layer})`,
    layers: [layer],
    parameters: () => ({}),
    build: ({ b, layer: valueOf }) => {
      const value = valueOf(layer);
      const [pictures, channels] = value.dims as [number, number];
      const flat = b.reshape(value, [pictures, channels, elementCount(value.dims.slice(2))]);
      const gram = b.reshape(b.op("MatMul", [flat, b.transpose(flat, [0, 2, 1])]), [
        pictures,
        channels * channels,
      ]);
      const norm = b.op("Sqrt", [b.add(b.reduceSum(b.mul(gram, gram), [1]), b.scalar(1e-12))]);
      const unit = b.div(gram, norm);
      const cosines = b.op("MatMul", [unit, b.transpose(unit, [1, 0])]);
      const others = b.sub(b.reduceSum(cosines, [1], false), b.scalar(1));
      return b.scale(others, -1 / Math.max(pictures - 1, 1));
    },
  };
}

/**
 * An objective less the share `strength` of its own size times how alike the batch's pictures are: one
 * unit's facets. Scaled by the objective itself, so that one strength serves every unit and network.
 */
export function diverse(objective: Objective, layer: string, strength = 0.5): Objective {
  const apart = diversity(layer);
  return {
    description: `${objective.description}, diverse`,
    signature: `diverse(${objective.signature}, ${layer}, ${strength})`,
    layers: [...new Set([...objective.layers, layer])],
    parameters: (dims) => objective.parameters(dims),
    build: (context) => {
      const { b } = context;
      const score = objective.build(context);
      const alike = b.scale(apart.build(context), -strength);
      return b.sub(score, b.mul(b.op("Abs", [score]), alike));
    },
  };
}

/** Minus the mean square difference of neighbouring pictures' activations in the batch: a smooth series (Lucid's alignment). */
export function alignment(layer: string): Objective {
  return {
    description: `${layer}:alignment`,
    signature: `alignment(${layer})`,
    layers: [layer],
    parameters: () => ({}),
    build: ({ b, layer: valueOf }) => {
      const value = valueOf(layer);
      const pictures = value.dims[0]!;
      if (pictures === 1) return b.fill([1], 0, value.type);
      const next = b.concat(
        [b.slice(value, [1], [pictures], [0]), b.slice(value, [0], [1], [0])],
        0,
      );
      const difference = b.sub(value, next);
      return b.neg(b.reduceMean(b.mul(difference, difference), allButBatch(value), false));
    },
  };
}

/** A weighted sum of objectives. */
export function sum(
  terms: readonly { readonly objective: Objective; readonly weight: number }[],
): Objective {
  const part = (text: (objective: Objective) => string) =>
    terms.map(({ objective, weight }) => `${weight} * ${text(objective)}`).join(" + ");
  return {
    description: part((objective) => objective.description),
    signature: part((objective) => objective.signature),
    layers: [...new Set(terms.flatMap(({ objective }) => objective.layers))],
    parameters: (dims) =>
      Object.fromEntries(
        terms.flatMap(({ objective }, i) =>
          Object.entries(objective.parameters(dims)).map(([name, value]) => [
            `${i}.${name}`,
            value,
          ]),
        ),
      ),
    build: (context) => {
      const scores = terms.map(({ objective, weight }, i) => {
        const score = objective.build({
          ...context,
          parameter: (name) => context.parameter(`${i}.${name}`),
        });
        return context.b.scale(score, weight);
      });
      return scores.reduce((total, score) => context.b.add(total, score));
    },
  };
}

/** The objective times a factor. */
export function scaled(objective: Objective, weight: number): Objective {
  return sum([{ objective, weight }]);
}

/** What excites the unit least: the objective's minus. */
export function minimized(objective: Objective): Objective {
  return scaled(objective, -1);
}
