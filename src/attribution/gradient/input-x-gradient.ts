/** @file Input x gradient. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import type { Heatmap } from "../heatmap.ts";
import { inputGradients, pixelMap, type PixelGradientOptions } from "./pixel-gradients.ts";

/**
 * x * d logit / d x for every picture of `input` [N, C, H, W] (Shrikumar et al. 2016, arXiv 1605.01713,
 * section 3.4). x is what the network is fed, so 0 is the colour that preprocessing makes 0. Each map is
 * [C, H, W], signed.
 */
export async function inputXGradient(
  model: Model,
  input: Tensor,
  options: PixelGradientOptions,
): Promise<Heatmap[]> {
  const rows = await inputGradients(model, input, options);
  const kind = { method: "input-x-gradient", unit: model.scoreName };
  return rows.map((row) => {
    const pixels = row.values[0]!;
    const product = row.gradients[0]!.map((slope, i) => slope * pixels[i]!);
    return pixelMap(model, row, product, kind);
  });
}
