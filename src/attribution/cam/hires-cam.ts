/** @file HiResCAM. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { gradientCam, type CamOptions, type FeatureMap } from "./cam.ts";
import type { Heatmap } from "../heatmap.ts";

/**
 * HiResCAM of every picture of `input` [N, C, H, W] (Draelos and Carin 2020, arXiv 2011.08891, equation 6): the
 * sum over channels of gradient times activation at each place. Before the ReLU it sums to the logit minus the
 * biases behind the layer, if only linear layers and ReLUs follow. Each map is [H, W], not rescaled.
 */
export function hiresCam(model: Model, input: Tensor, options: CamOptions): Promise<Heatmap[]> {
  const kind = { method: "hires-cam", unit: "gradient × activation" };
  return gradientCam(model, input, options, kind, hiresCamMap);
}

/** The map before its ReLU, [places]. */
export function hiresCamMap(features: FeatureMap): Float64Array {
  const { channels, places, activations, gradients } = features;
  const map = new Float64Array(places);
  for (let i = 0; i < channels * places; i++) map[i % places]! += gradients[i]! * activations[i]!;
  return map;
}
