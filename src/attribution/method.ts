/** @file What an attribution method is, the options of all methods, and what help and documents say about both. */
import { LimpidError, type StopSignal } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "../network/model.ts";
import type { Baseline } from "./gradient/baseline.ts";
import type { Heatmap } from "./heatmap.ts";
import type { ClassTargets } from "../scores/class-targets.ts";

/** What an option holds, by its kind. */
export interface OptionKinds {
  readonly text: string;
  readonly flag: boolean;
  /** A positive whole number. */
  readonly count: number;
  /** A whole number, 0 included. */
  readonly seed: number;
  /** Over 0 and under 1. */
  readonly share: number;
  readonly baseline: Baseline;
}

/** An option in words. */
export interface OptionInfo {
  readonly kind: keyof OptionKinds;
  /** What the command line calls its value; flags have none. */
  readonly value?: string;
  readonly description: string;
}

/** THE table of options that not every method takes; the command line's options are made from it. */
export const methodOptions = {
  layer: {
    kind: "text",
    value: "name",
    description: "the layer of the map: its name or any part that no other has",
  },
  signed: { kind: "flag", description: "keep what speaks against the class" },
  variant: {
    kind: "text",
    value: "name",
    description:
      "paper, or the library whose departure from it is wanted: pytorch-grad-cam or captum",
  },
  baseline: {
    kind: "baseline",
    value: "colour",
    description:
      "what hidden pixels show: mean (of the picture), blur, zero (in the network's own numbers), or a colour from 0 to 1 such as 0.5 or 1,0,0",
  },
  window: { kind: "count", value: "pixels", description: "side of the square that is hidden" },
  stride: { kind: "count", value: "pixels", description: "from one hidden square to the next" },
  cells: { kind: "count", value: "count", description: "cells on a side of a random mask" },
  keep: { kind: "share", value: "share", description: "probability that a cell stays visible" },
  pieces: {
    kind: "text",
    value: "how",
    description: "what is hidden as one: superpixels, or the squares of a grid",
  },
  segments: { kind: "count", value: "count", description: "pieces of the picture, about" },
  noise: {
    kind: "share",
    value: "share",
    description: "standard deviation of the noise, as a share of the picture's range",
  },
  steps: { kind: "count", value: "count", description: "equal steps of a path, not refined" },
  tolerance: {
    kind: "share",
    value: "share",
    description: "how far the sum of a map may be off, as a share of what it explains",
  },
  rule: {
    kind: "text",
    value: "name",
    description: "how relevance is shared: a rule for all layers, or a composite of rules",
  },
  first: {
    kind: "text",
    value: "name",
    description: "the rule of the layer that reads the picture: same, z-box, w-square or flat",
  },
  epsilon: { kind: "share", value: "number", description: "what keeps denominators from 0" },
  gamma: {
    kind: "share",
    value: "share",
    description: "how much more contributions of the output's sign count",
  },
  samples: { kind: "count", value: "count", description: "pictures that are tried" },
  seed: { kind: "seed", value: "number", description: "the same seed gives the same bytes" },
} as const satisfies Readonly<Record<string, OptionInfo>>;

export type OptionName = keyof typeof methodOptions;

/** What every method may be given; each takes what its description names. */
export type AttributionOptions = {
  readonly targets: ClassTargets;
  readonly signal?: StopSignal;
} & { readonly [Name in OptionName]?: OptionKinds[(typeof methodOptions)[Name]["kind"]] };

/** An option that a method takes, with what it stands for there. */
export interface MethodOption {
  readonly name: OptionName;
  readonly description: string;
  readonly default: string;
}

/** A method in words. */
export interface MethodInfo {
  readonly title: string;
  readonly description: string;
  readonly paper: string;
  readonly formula: string;
  readonly options: readonly MethodOption[];
  /** Where libraries depart from the paper, and how that is had here. */
  readonly departures?: string;
}

/** A method with its description. */
export interface AttributionMethod {
  readonly info: MethodInfo;
  /** One map a picture of `input` [N, C, H, W]. */
  run(model: Model, input: Tensor, options: AttributionOptions): Promise<Heatmap[]>;
}

/** The paper's form of a method, or that of a library. */
export type Variant = "paper" | "pytorch-grad-cam";

/** The variant of a name. Throws `bad-option` for another. */
export function variantOf(name: string | undefined): Variant {
  if (name === undefined || name === "paper") return "paper";
  if (name === "pytorch-grad-cam") return name;
  throw new LimpidError(
    "bad-option",
    `variant: the name must be paper or pytorch-grad-cam, got "${name}". choose one of these.`,
  );
}

/** A number that must be positive and whole, or its default. Throws `bad-option`. */
export function countOption(name: OptionName, given: number | undefined, fallback: number): number {
  const count = given ?? fallback;
  if (Number.isInteger(count) && count > 0) return count;
  throw new LimpidError(
    "bad-option",
    `${name}: it must be a positive whole number, got ${count}. choose one.`,
  );
}
