/** @file XGrad-CAM. */
import { xgradCamOptions } from "./infos.ts";
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

export interface XGradCamOptions extends CamOptions {
  /** `pytorch-grad-cam` adds its 1e-7 to the sum of activations. */
  readonly variant?: string;
}

/**
 * XGrad-CAM of every picture of `input` [N, C, H, W] (Fu et al. 2020, arXiv 2008.02312, equation 8): weights
 * are means of the gradients, weighted by the activations. A channel whose activations sum to 0 weighs 0; the
 * method is meant for layers behind a ReLU. Each map is [H, W], not rescaled. Throws `bad-option` for an
 * unknown variant.
 */
export async function xgradCam(
  model: Model,
  input: Tensor,
  options: XGradCamOptions,
): Promise<Heatmap[]> {
  const { variant } = optionValues(xgradCamOptions, options);
  const kind = { method: "xgrad-cam", unit: "weighted activation" };
  return gradientCam(model, input, options, kind, (map) => xgradCamMap(map, variant));
}

/** The map before its ReLU, [places]. */
export function xgradCamMap(features: FeatureMap, variant: Variant): Float64Array {
  const epsilon = variant === "paper" ? 0 : 1e-7;
  const weights = channelWeights(features, (activations, gradients) => {
    const total = activations.reduce((sum, value) => sum + value, 0) + epsilon;
    const given = activations.reduce((sum, value, i) => sum + value * gradients[i]!, 0);
    return total === 0 ? 0 : given / total;
  });
  return weightedSum(weights, features);
}
