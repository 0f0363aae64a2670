/** @file Grad-CAM. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import {
  channelWeights,
  gradientCam,
  weightedSum,
  type CamOptions,
  type FeatureMap,
} from "./cam.ts";
import type { Heatmap } from "../heatmap.ts";

export type GradCamOptions = CamOptions;

/**
 * Grad-CAM of every picture of `input` [N, C, H, W] (Selvaraju et al. 2017, arXiv 1610.02391, equations
 * 1 and 2): weights are the spatial means of d logit / d A, the map is the ReLU of the weighted sum of
 * the channels of A. Each map is [H, W] at the layer's own resolution, not rescaled. Of fused layers all means are over
 * as many places as the finest has: over its own, a layer with fewer would count more.
 */
export function gradCam(model: Model, input: Tensor, options: GradCamOptions): Promise<Heatmap[]> {
  const kind = { method: "grad-cam", unit: "weighted activation" };
  return gradientCam(model, input, options, kind, gradCamMap);
}

/** The map before its ReLU, [places]. */
export function gradCamMap(features: FeatureMap): Float64Array {
  const places = features.finest ?? features.places;
  const weights = channelWeights(features, (_, gradients) => sumOf(gradients) / places);
  return weightedSum(weights, features);
}

/** A function for each number would take as long as all else that is not the network's. */
function sumOf(numbers: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]!;
  return sum;
}
