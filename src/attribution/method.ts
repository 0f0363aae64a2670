/** @file What an attribution method is, and what help and documents say about it. */
import type { StopSignal } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "../model/model.ts";
import type { Heatmap } from "./heatmap.ts";
import type { Targets } from "./targets.ts";

/** What every method may be given; each takes what its description names. */
export interface AttributionOptions {
  readonly targets: Targets;
  readonly layer?: string;
  readonly signed?: boolean;
  readonly signal?: StopSignal;
}

/** An option that not every method takes. */
export interface MethodOption {
  readonly name: "layer" | "signed";
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
}

/** A method with its description. */
export interface AttributionMethod {
  readonly info: MethodInfo;
  /** One map a picture of `input` [N, C, H, W]. */
  run(model: Model, input: Tensor, options: AttributionOptions): Promise<Heatmap[]>;
}
