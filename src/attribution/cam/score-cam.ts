/** @file Score-CAM. */
import { scoreCamOptions } from "./infos.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { plane } from "../../image/picture.ts";
import { placedPlane } from "../../image/placed-plane.ts";
import type { Model } from "../../network/model.ts";
import { optionValues } from "../../wording/read-option.ts";
import { camHeatmap, chosenCamLayer, weightedSum, type CamOptions } from "./cam.ts";
import { extremes, type Heatmap } from "../heatmap.ts";
import { perturbedScores, scoreRows } from "../perturbation/scored-rows.ts";
import { planesOf } from "../../network/map-layout.ts";
import { cornerAligned } from "./corner-aligned.ts";

export interface ScoreCamOptions extends CamOptions {
  /** `pytorch-grad-cam` enlarges the masks with aligned corners. */
  readonly variant?: string;
}

/**
 * Score-CAM of every picture of `input` [N, C, H, W] (Wang et al. 2020, arXiv 1910.01279, definition 4 and
 * algorithm 1): one run a channel. Masks are enlarged bilinearly between the centres of
 * what their places see; a channel that is the same
 * everywhere hides the whole picture. Hidden pixels are 0 in the network's own numbers. Each map is [H, W] at the
 * layer's own resolution, not rescaled. Throws `bad-option` for an unknown variant.
 */
export async function scoreCam(
  model: Model,
  input: Tensor,
  options: ScoreCamOptions,
): Promise<Heatmap[]> {
  const { variant } = optionValues(scoreCamOptions, options);
  const layer = await chosenCamLayer(model, input, options.layer);
  const rows = await scoreRows(model, input, { ...options, values: [layer.name] });
  const { channels, height, width } = layer.layout;
  const places = height * width;
  const [, depth, heightPx, widthPx] = input.dims as [number, number, number, number];
  const pixels = heightPx * widthPx;
  const kind = { method: "score-cam", unit: "weighted activation" };
  const maps: Heatmap[] = [];
  for (const [n, row] of rows.entries()) {
    const picture = (input.data as Float32Array).subarray(
      n * depth * pixels,
      (n + 1) * depth * pixels,
    );
    const activations = planesOf(row.values[0]!, layer.layout);
    const scores = await perturbedScores(model, {
      signal: options.signal,
      dims: input.dims.slice(1),
      count: channels,
      target: row.target,
      write: (k, into) => {
        const small = plane(width, height, activations.slice(k * places, (k + 1) * places));
        const large =
          variant === "paper"
            ? placedPlane(small, layer.centres, widthPx, heightPx)
            : cornerAligned(small, widthPx, heightPx);
        const mask = stretched(large.data, variant === "paper" ? 0 : 1e-8);
        for (let i = 0; i < into.length; i++) into[i] = picture[i]! * mask[i % pixels]!;
      },
    });
    const raw = weightedSum(softmax(scores), { channels, places, activations });
    maps.push(camHeatmap(raw, layer, row, options, kind));
  }
  return maps;
}

/** From 0 to 1; zeros if all numbers are equal. */
function stretched(values: Float32Array, epsilon: number): Float32Array {
  const { min, max } = extremes(values);
  if (min === max) return new Float32Array(values.length);
  return values.map((value) => (value - min) / (max - min + epsilon));
}

function softmax(scores: Float64Array): Float64Array {
  const largest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
