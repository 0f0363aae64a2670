/** @file What a target takes of a layer: indices on axes, means, weights of channels. */
import { LimpidError } from "../errors.ts";
import { formatShape } from "../graph/tensor.ts";
import { channelAxisOf, placeAxesOf } from "./channel-axis.ts";
import type { DirectionTarget, UnitTarget } from "./target.ts";

/** An index on an axis. */
interface Pick {
  readonly axis: number;
  readonly index: number;
}

/** What is taken of a layer's values. */
export interface Picks {
  readonly picks: readonly Pick[];
  /** The axes that the mean is taken over. */
  readonly means: readonly number[];
  /** Weights of the channels that are left. */
  readonly vector?: readonly number[];
}

/**
 * What a target takes of a layer of a shape, whose channels lie on an axis. Throws `bad-option` for a channel or place that there is not, and
 * `shape-mismatch` for a direction of another length.
 */
export function picksOf(
  target: UnitTarget | DirectionTarget,
  layer: string,
  shape: readonly number[],
  channelAxis = channelAxisOf(shape),
): Picks {
  const { place } = target;
  const placeAxes = placeAxesOf(shape, channelAxis);
  if (place && place.length !== placeAxes.length) {
    throw new LimpidError(
      "bad-option",
      `target: a place in layer "${layer}" of shape ${formatShape(shape)} must have ${placeAxes.length} numbers, got ${place.length}. give as many, or none for the mean.`,
    );
  }
  const picks = [
    ...(target.kind === "unit" ? [{ axis: channelAxis, index: target.channel }] : []),
    ...(place ?? []).map((index, i) => ({ axis: placeAxes[i]!, index })),
  ];
  for (const { axis, index } of picks) requireIndex(layer, shape, axis, index);
  const means = place ? [] : placeAxes;
  if (target.kind === "unit") return { picks, means };
  requireLength(layer, shape[channelAxis]!, target.vector);
  return { picks, means, vector: target.vector };
}

function requireIndex(layer: string, shape: readonly number[], axis: number, index: number): void {
  const size = shape[axis] ?? 0;
  if (Number.isInteger(index) && index >= 0 && index < size) return;
  throw new LimpidError(
    "bad-option",
    `target: a unit of layer "${layer}" of shape ${formatShape(shape)} must have numbers from 0 to ${size - 1} on axis ${axis}, got ${index}. choose one of these.`,
  );
}

function requireLength(layer: string, channels: number, vector: readonly number[]): void {
  if (vector.length === channels) return;
  throw new LimpidError(
    "shape-mismatch",
    `target: a direction in layer "${layer}" must have ${channels} numbers, one a channel, got ${vector.length}. give as many.`,
  );
}
