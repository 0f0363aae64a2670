/** @file Grad-CAM++. */
import { gradCamPlusPlusOptions } from "./infos.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { optionValues } from "../../wording/read-option.ts";
import {
  channelWeights,
  gradientCam,
  weightedSum,
  type CamOptions,
  type FeatureMap,
} from "./cam.ts";
import type { Heatmap } from "../heatmap.ts";
import { type Variant } from "../method.ts";

export interface GradCamPlusPlusOptions extends CamOptions {
  /** `pytorch-grad-cam` adds its 1e-6 to the denominator of alpha. */
  readonly variant?: string;
}

/**
 * Grad-CAM++ of every picture of `input` [N, C, H, W] (Chattopadhay et al. 2018, arXiv 1710.11063, equations
 * 5, 7 and 19). Gradients are those of the logit: the exponential that the paper puts behind it multiplies all
 * weights by one positive number, which is left out. Where the denominator is 0, alpha is 0. Each map is [H, W]
 * at the layer's own resolution, not rescaled. Throws `bad-option` for an unknown variant.
 */
export async function gradCamPlusPlus(
  model: Model,
  input: Tensor,
  options: GradCamPlusPlusOptions,
): Promise<Heatmap[]> {
  const { variant } = optionValues(gradCamPlusPlusOptions, options);
  const kind = { method: "grad-cam-plus-plus", unit: "weighted activation" };
  return gradientCam(model, input, options, kind, (map) => gradCamPlusPlusMap(map, variant));
}

/** The map before its ReLU, [places]. */
export function gradCamPlusPlusMap(features: FeatureMap, variant: Variant): Float64Array {
  const epsilon = variant === "paper" ? 0 : 1e-6;
  const weights = channelWeights(features, (activations, gradients) => {
    const total = activations.reduce((sum, value) => sum + value, 0);
    return gradients.reduce((sum, dy) => {
      const below = 2 * dy ** 2 + total * dy ** 3 + epsilon;
      return below === 0 ? sum : sum + (dy ** 2 / below) * Math.max(dy, 0);
    }, 0);
  });
  return weightedSum(weights, features);
}
