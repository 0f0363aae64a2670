/** @file The rectified gradient, by the name that keras-vis gave it. */
import { deconvolution } from "../../autodiff/overrides.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { bentGradient } from "./bent-gradient.ts";
import type { Heatmap } from "../heatmap.ts";
import type { MethodInfo } from "../method.ts";
import type { PixelGradientOptions } from "./pixel-gradients.ts";
import { takes } from "../takes.ts";

export const rectifiedInfo: MethodInfo = {
  takes: takes("slope"),
  slopes: true,
  title: "Rectified gradient",
  description:
    "pixels that raise the logit, by paths along which every ReLU's gradient is positive",
  paper:
    "keras-vis, backprop modifier relu; the rule is that of Zeiler and Fergus 2013, arXiv 1311.2901",
  formula: "max(g, 0), g the gradient with dx = max(dy, 0) at every ReLU",
  options: {},
  gradient: "bent",
  departures:
    "keras-vis shows the absolute value instead of cutting what is negative at the input, where no ReLU stands. In networks without max-pools the map hardly depends on the picture, as that of deconvolution.",
};

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
