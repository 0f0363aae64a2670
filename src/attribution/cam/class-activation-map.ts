/** @file CAM, the first of the class activation maps, for heads of a global mean and one linear layer. */
import { operatorsWith } from "../../graph/operators.ts";
import { LimpidError } from "../../errors.ts";
import { nodesBefore } from "../../graph/edit.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import {
  chosenCamLayer,
  gradientCam,
  weightedSum,
  type CamOptions,
  type FeatureMap,
} from "./cam.ts";
import { runDims } from "../../network/batches.ts";
import type { Heatmap } from "../heatmap.ts";

/**
 * CAM of every picture of `input` [N, C, H, W] (Zhou et al. 2016, equation 2). The mean of each map is the logit
 * without its bias. Each map is [H, W], signed, at the layer's own resolution. Throws `bad-option` unless a global
 * mean and linear layers alone lead from the layer to the logits.
 */
export async function classActivationMap(
  model: Model,
  input: Tensor,
  options: CamOptions,
): Promise<Heatmap[]> {
  const layer = await chosenCamLayer(model, input, options.layer);
  requireLinearHead(await model.at(runDims(model, input.dims)), model.explained, layer.name);
  const kind = { method: "cam", unit: "weighted activation" };
  return gradientCam(model, input, { ...options, layer: layer.name, signed: true }, kind, (map) =>
    weightedMeans(map, layer.name),
  );
}

function requireLinearHead(graph: Graph, explained: string, layer: string): void {
  const before = nodesBefore(graph, explained);
  const reached = new Set([layer]);
  for (const node of graph.nodes) {
    const { operator, name, inputs, outputs } = node;
    // Shapes are numbers about the map, not of it.
    if (operator === "Shape" || !inputs.some((input) => reached.has(input))) continue;
    for (const output of outputs) reached.add(output);
    if (before.has(node) && !operatorsWith("keepsMeans").has(operator))
      throw noHead(layer, `${operator} "${name}"`);
  }
}

function noHead(layer: string, got: string): LimpidError {
  return new LimpidError(
    "bad-option",
    `cam: a global mean and one linear layer alone must lead from "${layer}" to the logits, got ${got} on the way. choose grad-cam, which takes any head.`,
  );
}

/** The slope of a mean's weight is the same at every place: that times the number of places is the weight. */
function weightedMeans(features: FeatureMap, layer: string): Float64Array {
  const { channels, places, gradients } = features;
  const weights = Float64Array.from({ length: channels }, (_, k) => {
    const own = gradients.subarray(k * places, (k + 1) * places);
    const slope = own[0]!;
    const isSame = own.every((other) => Math.abs(other - slope) <= 1e-5 * Math.abs(slope));
    if (!isSame) throw noHead(layer, "weights that differ from place to place");
    return slope * places;
  });
  return weightedSum(weights, features);
}
