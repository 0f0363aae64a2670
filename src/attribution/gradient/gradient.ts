/** @file The plain gradient. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import type { Heatmap } from "../heatmap.ts";
import {
  gradientUnit,
  inputGradients,
  pixelMap,
  type PixelGradientOptions,
} from "./pixel-gradients.ts";

export type GradientOptions = PixelGradientOptions;

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
  const rows = await inputGradients(model, input, options);
  const kind = { method: "gradient", unit: gradientUnit(model) };
  return rows.map((row) => pixelMap(model, row, row.gradients[0]!, kind));
}
