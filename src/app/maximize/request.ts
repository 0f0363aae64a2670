/** @file What is asked of a maximisation: which units, how pictures are made, and where they go. */
import type { AskedHead } from "../head-options.ts";
import type { RuntimeName } from "../platform.ts";
import type { Preparation } from "../preparation.ts";

/** Which units, in the short form that a target says in one text. */
export interface ChosenUnits {
  /** As `readTargets` reads it: classes, units, directions. */
  readonly target?: string;
  /** Names of layers or parts of them; each text may be a list separated by commas. */
  readonly layers?: readonly string[];
  /** Each convolution after its activation function. */
  readonly everyConvolution?: boolean;
  /** Channels of the layers as `parseSelection` reads them; without it 16 at random. */
  readonly channels?: string;
  /** Instead of channels: a channel with its place, or a channel alone for the centre. */
  readonly neuron?: readonly number[];
  /** Classes, chosen as channels are, or a label. */
  readonly classes?: string;
  /** What is maximised of them, as `parseObjective` reads it; without it their activation, or the preset's class score. */
  readonly objective?: string;
}

/** Pictures of units of a model. */
export interface UnitsRequest extends ChosenUnits, Pick<AskedHead, "output" | "kind">, Preparation {
  readonly model: string;
  readonly preset: string;
  /** Side of the pictures in pixels; without it what the network takes. */
  readonly sizePx?: number;
  /** Steps instead of the preset's. */
  readonly steps?: number;
  readonly seed: number;
  readonly negative?: boolean;
  /** So many pictures a unit that differ from each other. */
  readonly diversity?: number;
  /** Pictures or folders of them: silent units are told their levels on these, and tried from them. */
  readonly photos?: readonly string[];
  readonly animate?: boolean;
}

/** The pictures of a recipe again. */
export interface RecipeRequest {
  /** The recipe's path. */
  readonly recipe: string;
  /** Path or name of the network; without it the recipe's. */
  readonly model?: string;
}

/** Where pictures are made and go. */
export interface MaximizePlaces {
  readonly runtime: RuntimeName;
  /** Class names: a file, or `imagenet`; without it what the model says. */
  readonly labels?: string;
  /** The folder; without it one of the recipe's own in `maximized`. */
  readonly out?: string;
}

export type MaximizeRequest = (UnitsRequest | RecipeRequest) & MaximizePlaces;
