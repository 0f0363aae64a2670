/** @file LayerCAM. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { gradientCam, type CamOptions, type FeatureMap } from "./cam.ts";
import type { Heatmap } from "../heatmap.ts";

/**
 * LayerCAM of every picture of `input` [N, C, H, W] (Jiang et al. 2021, equations 5 to 7): activations weighted
 * by the positive part of their own gradients. Each map is [H, W] at the layer's own resolution, not rescaled.
 */
export function layerCam(model: Model, input: Tensor, options: CamOptions): Promise<Heatmap[]> {
  const kind = { method: "layer-cam", unit: "gradient × activation" };
  return gradientCam(model, input, options, kind, layerCamMap);
}

/** The map before its ReLU, [places]. */
export function layerCamMap(features: FeatureMap): Float64Array {
  const { channels, places, activations, gradients } = features;
  const map = new Float64Array(places);
  for (let i = 0; i < channels * places; i++) {
    map[i % places]! += Math.max(gradients[i]!, 0) * activations[i]!;
  }
  return map;
}
