/** @file Guided backpropagation. */
import { guidedBackpropagation } from "../../autodiff/overrides.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { bentGradient } from "./bent-gradient.ts";
import type { Heatmap } from "../heatmap.ts";
import type { MethodInfo } from "../method.ts";
import type { PixelGradientOptions } from "./pixel-gradients.ts";
import { takes } from "../takes.ts";

export const guidedBackpropInfo: MethodInfo = {
  takes: takes("slope"),
  slopes: true,
  title: "Guided Backprop",
  description: "edges and textures that excite the network; says little about the class",
  paper: "Springenberg et al. 2014, arXiv 1412.6806",
  formula: "gradient with dx = dy where y > 0 and dy > 0, else 0, at every ReLU",
  options: {},
  gradient: "bent",
  departures:
    "Captum and pytorch-grad-cam bend ReLU modules alone and leave ReLU6 its gradient, so that MobileNetV2 gives the plain gradient; here ReLU6 is bent too. Libraries that swap modules also miss ReLUs that are called as functions.",
};

/**
 * Guided backpropagation of every picture of `input` [N, C, H, W] (Springenberg et al. 2014, section 3.4).
 * Each map is [C, H, W], signed. Throws `bad-option` if the network has no ReLU.
 */
export function guidedBackprop(
  model: Model,
  input: Tensor,
  options: PixelGradientOptions,
): Promise<Heatmap[]> {
  return bentGradient(model, input, options, "guided-backprop", guidedBackpropagation);
}
