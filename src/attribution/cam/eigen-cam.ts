/** @file Eigen-CAM. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import type { OptionTable } from "../../wording/option.ts";
import { optionValues } from "../../wording/read-option.ts";
import { camHeatmap, camLayerOption, chosenCamLayer, weightedSum, type CamOptions } from "./cam.ts";
import type { Heatmap } from "../heatmap.ts";
import { variantOption, type MethodInfo } from "../method.ts";
import { principalChannels } from "./principal-component.ts";
import { scoreRows } from "../perturbation/scored-rows.ts";
import { planesOf } from "../../network/map-layout.ts";
import { takes } from "../takes.ts";

export interface EigenCamOptions extends Omit<CamOptions, "signed"> {
  /** `pytorch-grad-cam` takes each channel's mean off first. */
  readonly variant?: string;
}

const eigenCamOptions = {
  ...camLayerOption,
  variant: variantOption("pytorch-grad-cam takes each channel's mean off first"),
} as const satisfies OptionTable;

export const eigenCamInfo: MethodInfo = {
  takes: takes("none"),
  title: "Eigen-CAM",
  description: "what a layer shows most, whatever the class",
  paper: "Muhammad and Yeasin 2020, arXiv 2008.00299",
  formula: "A v, v the first right singular vector of A [places, channels]",
  options: eigenCamOptions,
  gradient: "none",
  departures:
    "pytorch-grad-cam centres the channels before the decomposition and leaves the map's sign to LAPACK: --variant pytorch-grad-cam centres too. The sign here is the one that goes with the sum of the channels.",
};

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
