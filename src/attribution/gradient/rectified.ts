/** @file The rectified gradient, by the name that keras-vis gave it. */
import { deconvolution } from "../../autodiff/overrides.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { bentGradient } from "./bent-gradient.ts";
import type { Heatmap } from "../heatmap.ts";
import type { PixelGradientOptions } from "./pixel-gradients.ts";

/**
 * The deconvolution network's gradient for every picture of `input` [N, C, H, W], cut off below 0 at the
 * input as at every ReLU. Each map is [C, H, W], at least 0. Throws `bad-option` if the network has no ReLU.
 */
export async function rectified(
  model: Model,
  input: Tensor,
  options: PixelGradientOptions,
): Promise<Heatmap[]> {
  return bentGradient(model, input, options, "rectified", deconvolution, (slope) =>
    Math.max(slope, 0),
  );
}
