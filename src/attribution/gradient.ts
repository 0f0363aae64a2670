/** @file The plain gradient. */
import type { StopSignal } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "../model/model.ts";
import { explainRows } from "./gradients.ts";
import { warningsOf, type Heatmap } from "./heatmap.ts";
import type { MethodInfo } from "./method.ts";
import type { Targets } from "./targets.ts";

export interface GradientOptions {
  readonly targets: Targets;
  readonly signal?: StopSignal;
}

export const gradientInfo: MethodInfo = {
  title: "Gradient",
  description: "how much the logit changes with each pixel",
  paper: "Simonyan et al. 2013, arXiv 1312.6034",
  formula: "d y_c / d x",
  options: [],
};

/**
 * d logit / d input for every picture of `input` [N, C, H, W] (Simonyan et al., Deep Inside
 * Convolutional Networks, 2013, arXiv 1312.6034). Each map is [C, H, W], signed, per unit of the
 * network's own input.
 */
export async function gradient(
  model: Model,
  input: Tensor,
  options: GradientOptions,
): Promise<Heatmap[]> {
  const what = model.explained === model.head.logits ? "logit" : "probability";
  const rows = await explainRows(model, input, { ...options, values: [model.input.name] });
  return rows.map((row) => ({
    data: row.gradients[0]!,
    dims: row.dims[0]!,
    method: "gradient",
    target: row.target,
    layer: model.input.name,
    logit: row.logit,
    probability: row.probability,
    unit: `${what} per input unit`,
    warnings: warningsOf(row.gradients[0]!),
  }));
}
