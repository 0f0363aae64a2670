/** @file Grad-CAM. */
import type { StopSignal } from "../errors.ts";
import { findLayer, lastSpatialLayer, requireFeatureMap } from "../graph/layers.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "../model/model.ts";
import { explainRows, runDims, type ExplainedRow } from "./gradients.ts";
import { warningsOf, type Heatmap } from "./heatmap.ts";
import type { MethodInfo } from "./method.ts";
import type { Targets } from "./targets.ts";

export interface GradCamOptions {
  readonly targets: Targets;
  /** Name of a feature map; the last one with spatial extent by default. */
  readonly layer?: string;
  /** Leave the paper's final ReLU out. */
  readonly signed?: boolean;
  readonly signal?: StopSignal;
}

export const gradCamInfo: MethodInfo = {
  title: "Grad-CAM",
  description: "which places of a layer speak for the class",
  paper: "Selvaraju et al. 2017, arXiv 1610.02391",
  formula: "ReLU(sum_k mean(d y_c / d A_k) A_k)",
  options: [
    {
      name: "layer",
      description: "the feature map that the map lies on",
      default: "the last one with spatial extent",
    },
    { name: "signed", description: "leave the final ReLU out", default: "off" },
  ],
};

/**
 * Grad-CAM of every picture of `input` [N, C, H, W] (Selvaraju et al. 2017, arXiv 1610.02391, equations
 * 1 and 2): weights are the spatial means of d logit / d A, the map is the ReLU of the weighted sum of
 * the channels of A. Each map is [H, W] at the layer's own resolution, not rescaled.
 */
export async function gradCam(
  model: Model,
  input: Tensor,
  options: GradCamOptions,
): Promise<Heatmap[]> {
  model.requirePictures(input);
  const layer = await camLayer(model, input.dims, options.layer);
  const rows = await explainRows(model, input, { ...options, values: [layer] });
  return rows.map((row) => {
    const raw = weightedSum(row);
    const data = options.signed ? raw : raw.map((value) => Math.max(value, 0));
    return {
      data,
      dims: row.dims[0]!.slice(1),
      method: "grad-cam",
      target: row.target,
      layer,
      logit: row.logit,
      probability: row.probability,
      unit: "weighted activation",
      warnings: warningsOf(data, raw),
    };
  });
}

/** The value name of the layer asked for, or of the default one. Throws `unknown-layer` or `bad-option`. */
async function camLayer(
  model: Model,
  dims: readonly number[],
  asked: string | undefined,
): Promise<string> {
  const traced = await model.at(runDims(model, dims));
  if (asked === undefined) return lastSpatialLayer(traced, model.explained).layer.name;
  const layer = findLayer(traced, asked);
  requireFeatureMap(traced, layer);
  return layer.name;
}

function weightedSum(row: ExplainedRow): Float32Array {
  const [channels, ...spatial] = row.dims[0]! as [number, ...number[]];
  const places = spatial.reduce((product, dim) => product * dim, 1);
  const [activations] = row.values as [Float32Array];
  const [gradients] = row.gradients as [Float32Array];
  const map = new Float64Array(places);
  for (let c = 0; c < channels; c++) {
    let weight = 0;
    for (let i = 0; i < places; i++) weight += gradients[c * places + i]!;
    weight /= places;
    for (let i = 0; i < places; i++) map[i]! += weight * activations[c * places + i]!;
  }
  return Float32Array.from(map);
}
