/** @file What an objective is: a score that adds graph pieces behind chosen layers. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";

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

/** All axes of a value but the first, which counts pictures. */
export function allButBatch(value: Value): number[] {
  return value.dims.map((_, axis) => axis).slice(1);
}
