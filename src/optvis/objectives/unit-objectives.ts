/** @file Objectives of units: channels, directions of channels, and both at one place. */
import { LimpidError } from "../../errors.ts";
import { formatShape } from "../../graph/tensor.ts";
import { channelAxisOf, placeAxesOf } from "../../scores/channel-axis.ts";
import { combinationWeights } from "../../scores/combination.ts";
import { allButBatch, type Objective, type ObjectiveParameter } from "./objective.ts";
import { weighedBuild } from "./weighed-channels.ts";

/** Far below any logit, so that its exponential is 0. */
const excluded = 1e6;

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

/** The weights of a layer's channels. */
export type ChannelWeights = (channels: number) => Float32Array;

/** The sum of a layer times weights over its channels, averaged over places. */
function weightedChannels(
  layer: string,
  description: string,
  weightsOf: ChannelWeights,
): Objective {
  return {
    description: `${layer}:${description}`,
    signature: `channel(${layer})`,
    layers: [layer],
    parameters: (dimsOf) => {
      const dims = dimsOf(layer);
      const channels = dims[channelAxisOf(dims)]!;
      return { weights: { dims: [channels], data: weightsOf(channels) } };
    },
    build: weighedBuild(["weights"], ({ b, layer: valueOf, parameter }) => {
      const value = valueOf(layer);
      const pooled = b.reduceMean(value, placeAxesOf(value.dims), false);
      return b.reduceSum(b.mul(pooled, parameter("weights")), [1], false);
    }),
  };
}

/** What an axis of places counts, by how many of them there are. */
const placeNames: readonly (readonly string[])[] = [[], ["token"], ["row", "column"]];

/** The sum of a layer times weights over its channels, at one place, the centre by default. */
function placedChannels(
  layer: string,
  description: string,
  place: readonly number[],
  weightsOf: ChannelWeights,
  canLackPlaces = false,
): Objective {
  const where = `neuron "${layer}"`;
  return {
    description: `${layer}:${description}@${place.length === 0 ? "centre" : place.join(",")}`,
    signature: `neuron(${layer})`,
    layers: [layer],
    parameters: (dimsOf) => {
      const dims = dimsOf(layer);
      const placeAxes = placeAxesOf(dims);
      const hasPlaces = placeAxes.length > 0 || canLackPlaces;
      if (!hasPlaces || place.length > placeAxes.length) {
        throw new LimpidError(
          "bad-option",
          `${where}: the layer must have rows and columns, got shape ${formatShape(dims)}. use a channel objective.`,
        );
      }
      const channelAxis = channelAxisOf(dims);
      const along = (axis: number, data: Float32Array): ObjectiveParameter => ({
        dims: dims.slice(1).map((size, i) => (i + 1 === axis ? size : 1)),
        data,
      });
      const names = placeNames[placeAxes.length] ?? [];
      const masks = placeAxes.map((axis, i) => {
        const index = place[i] ?? Math.floor(dims[axis]! / 2);
        return [`place-${i}`, along(axis, oneHot(dims[axis]!, index, where, names[i] ?? "place"))];
      });
      const weights = along(channelAxis, weightsOf(dims[channelAxis]!));
      return { weights, ...Object.fromEntries(masks) };
    },
    build: weighedBuild(["weights"], ({ b, layer: valueOf, parameter }) => {
      const value = valueOf(layer);
      let chosen = b.mul(value, parameter("weights"));
      for (const i of placeAxesOf(value.dims).keys()) {
        chosen = b.mul(chosen, parameter(`place-${i}`));
      }
      return b.reduceSum(chosen, allButBatch(value), false);
    }),
  };
}

/** The mean over places of one channel; of a dense layer or of the logits, one unit. */
export function channel(layer: string, index: number): Objective {
  return weightedChannels(layer, String(index), channelAlone(layer, index));
}

/** One unit of a layer with places: a channel at a row and column, or at a token, the centre by default. */
export function neuron(layer: string, index: number, ...place: readonly number[]): Objective {
  return placedChannels(layer, String(index), place, (channels) =>
    oneHot(channels, index, `neuron "${layer}"`, "channel"),
  );
}

/** One channel at the centre of its places; of a dense layer or of the logits, one unit. */
export function centralUnit(layer: string, index: number): Objective {
  const weightsOf = (channels: number) =>
    oneHot(channels, index, `centre of "${layer}"`, "channel");
  return placedChannels(layer, String(index), [], weightsOf, true);
}

/** The activations' product with a direction in channel space: its mean over places, or at one place. */
export function direction(
  layer: string,
  vector: readonly number[],
  ...place: readonly number[]
): Objective {
  return directionAt(
    layer,
    "direction",
    directionWeights(layer, vector),
    place.length === 0 ? undefined : place,
  );
}

/** As `direction`, of weights that the number of channels decides; of a single channel where they are 0 elsewhere. */
export function directionAt(
  layer: string,
  description: string,
  weightsOf: ChannelWeights,
  place: readonly number[] | undefined,
): Objective {
  return place
    ? placedChannels(layer, description, place, weightsOf)
    : weightedChannels(layer, description, weightsOf);
}

/** 1 for a channel, 0 for the others. Throws `bad-option` where there is no such channel. */
export function channelAlone(layer: string, index: number): ChannelWeights {
  return (channels) => oneHot(channels, index, `channel "${layer}"`, "channel");
}

/** A direction's numbers. Throws `shape-mismatch` where the layer has other channels. */
export function directionWeights(layer: string, vector: readonly number[]): ChannelWeights {
  return (channels) => {
    if (vector.length !== channels) {
      throw new LimpidError(
        "shape-mismatch",
        `direction "${layer}": the vector must have ${channels} numbers, one a channel, got ${vector.length}.`,
      );
    }
    return Float32Array.from(vector);
  };
}

/** The sum of some classes' logits minus that of others; of a network of one unit, its two sides. */
export function combination(
  logits: string,
  plus: readonly number[],
  minus: readonly number[],
): Objective {
  const description = [...plus.map((index) => `+${index}`), ...minus.map((index) => `-${index}`)];
  return weightedChannels(logits, description.join(""), (units) =>
    Float32Array.from(combinationWeights(plus, minus, units, units === 1 ? "yes-no" : "classes")),
  );
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
      const pooled = b.reduceMean(value, placeAxesOf(value.dims), false);
      const chosen = parameter("weights");
      const own = b.reduceSum(b.mul(pooled, chosen), [1], false);
      const others = b.sub(pooled, b.scale(chosen, excluded));
      return b.sub(own, b.op("ReduceLogSumExp", [others, b.ints([1])], { keepdims: 0 }));
    },
  };
}
