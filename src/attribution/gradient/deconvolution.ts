/** @file The deconvolution network. */
import { deconvolution as deconvolutionRules } from "../../autodiff/overrides.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { bentGradient } from "./bent-gradient.ts";
import type { Heatmap } from "../heatmap.ts";
import type { PixelGradientOptions } from "./pixel-gradients.ts";

/**
 * The deconvolution network's picture of the class for every picture of `input` [N, C, H, W] (Zeiler and
 * Fergus 2013, section 2.1, with max-pools led back to their maxima). Each map is [C, H, W], signed. Throws
 * `bad-option` if the network has no ReLU.
 */
export function deconvolution(
  model: Model,
  input: Tensor,
  options: PixelGradientOptions,
): Promise<Heatmap[]> {
  return bentGradient(model, input, options, "deconvolution", deconvolutionRules);
}
