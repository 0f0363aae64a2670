/** @file What an attribution method is, the options of all methods, and what help and documents say about both. */
import type { StopSignal } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "../network/model.ts";
import type { ClassTargets } from "../scores/class-targets.ts";
import type { SoughtObjects } from "../scores/sought-objects.ts";
import type {
  ChoiceOption,
  NumberOption,
  OptionInfo,
  OptionTable,
  OptionValue,
} from "../wording/option.ts";
import type { Baseline } from "./gradient/baseline.ts";
import type { Heatmap } from "./heatmap.ts";
import type { Takes } from "./takes.ts";

/** Kinds and ranges that several options have. */
const count = { kind: "number", range: { from: 1, whole: true }, value: "count" } as const;
const pixels = { ...count, value: "pixels" } as const;
const share = { kind: "number", range: { over: 0, under: 1 }, value: "share" } as const;
const positive = { kind: "number", range: { over: 0 }, value: "number" } as const;
const name = { kind: "choice", value: "name" } as const;

/** The two of the maps that are made first are by themselves, so that a page can load the others later. */
export const layerOption = {
  kind: "text",
  value: "name",
  description: "the layer of the map: its name or any part that no other has",
} as const;
export const signedOption = {
  kind: "flag",
  description: "keep what speaks against the class",
} as const;

/**
 * THE table of options that several methods may take: kind and range, which are the same for all, and what each is
 * about. A method's own table adds the default and says what the option means there.
 */
export const methodOptions = {
  layer: layerOption,
  signed: signedOption,
  variant: {
    ...name,
    description:
      "paper, or the library whose departure from it is wanted: pytorch-grad-cam or captum",
  },
  baseline: {
    kind: "color",
    choices: ["mean", "blur", "zero"],
    value: "colour",
    description:
      "what hidden pixels show: mean (of the picture), blur, zero (in the network's own numbers), or a colour from 0 to 1 such as 0.5 or 1,0,0",
  },
  window: { ...pixels, description: "side of the square that is hidden" },
  stride: { ...pixels, description: "from one hidden square to the next" },
  cells: { ...count, description: "cells on a side of a random mask" },
  keep: { ...share, description: "probability that a cell stays visible" },
  pieces: {
    kind: "choice",
    choices: ["superpixels", "grid"],
    value: "how",
    description: "what is hidden as one: superpixels, or the squares of a grid",
  },
  segments: { ...count, description: "pieces of the picture, about" },
  noise: {
    ...positive,
    value: "share",
    description: "standard deviation of the noise, as a share of the picture's range",
  },
  steps: { ...count, description: "equal steps of a path, not refined" },
  tolerance: {
    ...share,
    description: "how far the sum of a map may be off, as a share of what it explains",
  },
  error: {
    ...share,
    description: "standard error of a map at which no more is tried, as a share of its spread",
  },
  rule: {
    ...name,
    description: "how relevance is shared: a rule for all layers, or a composite of rules",
  },
  first: {
    ...name,
    description: "the rule of the layer that reads the picture: same, z-box, w-square or flat",
  },
  epsilon: { ...positive, description: "what keeps denominators from 0" },
  gamma: {
    ...positive,
    value: "share",
    description: "how much more contributions of the output's sign count",
  },
  samples: { ...count, description: "pictures that are tried" },
  seed: {
    kind: "number",
    range: { from: 0, whole: true },
    value: "number",
    description: "the same seed gives the same bytes",
  },
} as const satisfies Readonly<Record<string, SharedOption>>;

/** An option without what each method says of it. */
type SharedOption = Pick<OptionInfo, "kind" | "value" | "description"> &
  Partial<Pick<NumberOption, "range"> & Pick<ChoiceOption, "choices">>;

export type OptionName = keyof typeof methodOptions;

/** What options hold for a method, by their kind. A baseline's colour is in the network's own numbers. */
interface KindValues {
  readonly text: string;
  readonly choice: string;
  readonly flag: boolean;
  readonly number: number;
  readonly color: Baseline;
}

/** What every method may be given; each takes what its table names. Those of a user's method come by their names too. */
export type AttributionOptions = {
  readonly targets: ClassTargets;
  readonly signal?: StopSignal;
  /** Names of feature maps of which one map is fused, instead of `layer`. */
  readonly layers?: readonly string[];
  /** The objects that the target means, of detectors. */
  readonly sought?: SoughtObjects;
  /** Told of the share of a method's work that is done, from 0 to 1, by those that run the network many times. */
  onProgress?(share: number): void;
} & { readonly [Name in OptionName]?: KindValues[(typeof methodOptions)[Name]["kind"]] };

/** The option by which maps of several libraries are had, with the departure of one of them in words. */
export function variantOption(description: string) {
  const choices = ["paper", "pytorch-grad-cam"] as const;
  return { ...methodOptions.variant, choices, default: "paper", description } as const;
}

/** The paper's form of a method, or that of a library. */
export type Variant = OptionValue<ReturnType<typeof variantOption>>;

/** A method in words. */
export interface MethodInfo {
  readonly title: string;
  readonly description: string;
  readonly paper: string;
  readonly formula: string;
  /** What it takes, by name, in the order in which it is shown. */
  readonly options: OptionTable;
  /** Which inputs and targets it takes, and what it makes of a reference; of a user's method all, unless it says so. */
  readonly takes?: Takes;
  /** Which gradient it needs: none, or one that is bent on its way; the network's own by default. */
  readonly gradient?: "none" | "bent";
  /** Whether its numbers are slopes, whose sign tells in which direction a pixel counts, and not for or against the score. */
  readonly slopes?: true;
  /** Whether it can lie on several layers, of which one map is fused. */
  readonly fuses?: true;
  /** Where libraries depart from the paper, and how that is had here. */
  readonly departures?: string;
}

/** A method with its description. */
export interface AttributionMethod {
  readonly info: MethodInfo;
  /** One map a picture of `input` [N, C, H, W]. */
  run(model: Model, input: Tensor, options: AttributionOptions): Promise<Heatmap[]>;
}

/** Whether a method lies on a layer. */
export function takesLayer({ info }: Pick<AttributionMethod, "info">): boolean {
  return Object.hasOwn(info.options, "layer");
}
