/** @file The deconvolution network. */
import { deconvolution as deconvolutionRules } from "../../autodiff/overrides.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { bentGradient } from "./bent-gradient.ts";
import type { Heatmap } from "../heatmap.ts";
import type { MethodInfo } from "../method.ts";
import type { PixelGradientOptions } from "./pixel-gradients.ts";
import { takes } from "../takes.ts";

export const deconvolutionInfo: MethodInfo = {
  takes: takes("slope"),
  slopes: true,
  title: "Deconvolution",
  description: "the class projected back through the network, only by what is positive",
  paper: "Zeiler and Fergus 2013, arXiv 1311.2901",
  formula: "gradient with dx = max(dy, 0) at every ReLU",
  options: {},
  gradient: "bent",
  departures:
    "Captum leaves ReLU6 its gradient; here it is bent as ReLU is. In networks whose only gates are such ReLUs, as MobileNetV2, nothing is left that depends on the picture, and the map is a grid; max-pools keep it tied to the picture.",
};

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
