/** @file Guided backpropagation. */
import { guidedBackpropagation } from "../../autodiff/overrides.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { bentGradient } from "./bent-gradient.ts";
import type { Heatmap } from "../heatmap.ts";
import type { PixelGradientOptions } from "./pixel-gradients.ts";

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
