/** @file What a call of a layer is in the rows of tests. */
import type { Config } from "./maker-layer.ts";

/** One call: sizes behind the batch of what it is given, and sizes of its weights in Keras's order. */
export interface LayerRow {
  readonly className: string;
  readonly config: Config;
  readonly inputs: readonly (readonly number[])[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

export type Weights = LayerRow["weights"];

/** A row; sizes alone are those of a single input. */
export function row(
  className: string,
  config: Config,
  inputs: readonly number[] | readonly (readonly number[])[],
  weights: Weights = {},
): LayerRow {
  const isOne = typeof inputs[0] === "number";
  return {
    className,
    config,
    inputs: (isOne ? [inputs] : inputs) as readonly (readonly number[])[],
    weights,
  };
}

/** Inputs that rows share: sizes behind the batch, all of which differ, so that they tell in which order axes are. */
export const [line, map, room, features] = [[7, 3], [5, 6, 4], [4, 3, 5, 2], [6]] as const;

export const channelsFirst = { data_format: "channels_first" } as const;
