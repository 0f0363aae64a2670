/** @file Eigen-CAM. */
import { eigenCamOptions } from "./infos.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { optionValues } from "../../wording/read-option.ts";
import { camHeatmap, chosenCamLayer, weightedSum, type CamOptions } from "./cam.ts";
import type { Heatmap } from "../heatmap.ts";
import { principalChannels } from "./principal-component.ts";
import { scoreRows } from "../perturbation/scored-rows.ts";
import { planesOf } from "../../network/map-layout.ts";

export interface EigenCamOptions extends Omit<CamOptions, "signed"> {
  /** `pytorch-grad-cam` takes each channel's mean off first. */
  readonly variant?: string;
}

/**
 * Eigen-CAM of every picture of `input` [N, C, H, W] (Muhammad and Yeasin 2020, arXiv 2008.00299, section III):
 * the layer projected on its first principal direction. It needs neither class nor gradient. The sign, which the
 * decomposition leaves open, is the one by which the map goes with the sum over the channels; a layer
 * behind a ReLU then gives no negative number. Each map is [H, W], not rescaled. Throws `bad-option` for an
 * unknown variant.
 */
export async function eigenCam(
  model: Model,
  input: Tensor,
  options: EigenCamOptions,
): Promise<Heatmap[]> {
  const { variant } = optionValues(eigenCamOptions, options);
  const centres = variant === "pytorch-grad-cam";
  const layer = await chosenCamLayer(model, input, options.layer);
  const rows = await scoreRows(model, input, { ...options, values: [layer.name] });
  const { channels, height, width } = layer.layout;
  const places = height * width;
  const kind = { method: "eigen-cam", unit: "projected activation" };
  return rows.map((row) => {
    const own = planesOf(row.values[0]!, layer.layout);
    const activations = centres ? centred(own, channels, places) : own;
    const direction = principalChannels(activations, channels, places);
    const features = { channels, places, activations };
    const map = weightedSum(direction, features);
    const sum = weightedSum(new Float64Array(channels).fill(1), features);
    const along = map.reduce((total, value, i) => total + value * sum[i]!, 0);
    const raw = along < 0 ? map.map((value) => -value) : map;
    return camHeatmap(raw, layer, row, { ...options, signed: true }, kind);
  });
}

function centred(planes: Float32Array, channels: number, places: number): Float32Array {
  const result = Float32Array.from(planes);
  for (let c = 0; c < channels; c++) {
    const own = result.subarray(c * places, (c + 1) * places);
    const mean = own.reduce((sum, value) => sum + value, 0) / places;
    own.set(own.map((value) => value - mean));
  }
  return result;
}
