/** @file The layers that a method lies on: one, or all that feed the head of a detector. */
import { LimpidError, type StopSignal } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { runDims } from "../../network/batches.ts";
import { headScales } from "../../network/head-scales.ts";
import { layerNames } from "../../network/layers.ts";
import type { Model } from "../../network/model.ts";
import type { ClassTargets } from "../../scores/class-targets.ts";
import { largest } from "../../statistics.ts";
import { explainRows } from "../gradient/explained-rows.ts";
import type { AttributionMethod } from "../method.ts";
import { camLayer, type CamLayer } from "./cam-layer.ts";

/** What is asked for by this name instead of a layer's: the maps that feed the head, one a scale. */
const scalesName = "scales";

/** A method on a layer, as asked for. */
interface LayeredRun {
  readonly name: string;
  readonly method: AttributionMethod;
  readonly layer: string | undefined;
}

export interface RunLayersRequest {
  /** The whole network. */
  readonly opened: Model;
  /** The one that explains the target. */
  readonly model: Model;
  readonly targets: ClassTargets;
  /** [N, C, H, W]. */
  readonly input: Tensor;
  /** Whether objects with boxes are explained, whose default are the scales. */
  readonly findsBoxes: boolean;
  readonly signal: StopSignal;
}

/** The layers that a method lies on, of which several are fused into one map. */
export interface RunLayers {
  readonly layers: readonly CamLayer[];
  /** Why they were chosen, or how they are read; undefined for a feature map that was asked for. */
  readonly note: string | undefined;
}

/**
 * The layers that a method lies on: the one asked for or its default, as `camLayer` has it; of objects with boxes, or
 * where "scales" is asked for, all feature maps that feed the head, the finest first. A method that lies on one layer
 * alone lies on the scale that counts most for the target. Throws as `camLayer`, and `bad-option` for scales of a
 * network that has none, or of a method that fuses none.
 */
export async function runLayers(
  { name, method, layer }: LayeredRun,
  request: RunLayersRequest,
): Promise<RunLayers> {
  const { opened, model, input, findsBoxes } = request;
  const traced = await model.at(runDims(model, input.dims));
  const isAsked = layer === scalesName && !layerNames(traced).has(scalesName);
  if (!isAsked && (layer !== undefined || !findsBoxes))
    return alone(camLayer(traced, model, layer));
  const whole = await opened.whole(runDims(opened, input.dims));
  const scales = headScales(whole).filter((scale) => traced.shapes.has(scale));
  if (isAsked) requireScales(scales, { name, method });
  if (scales.length === 0) return alone(camLayer(traced, model, undefined));
  const layers = scales.map((scale) => camLayer(traced, model, scale));
  if (layers.length === 1) return alone(layers[0]!, "the last feature map that feeds the head");
  if (method.info.fuses !== true) {
    const chosen = await strongest(layers, request);
    return alone(chosen, "of the feature maps that feed the head the one that counts most");
  }
  const sizes = layers.map(
    ({ name: scale, layout }) => `${scale} (${layout.height} x ${layout.width})`,
  );
  const note = `layers ${sizes.join(", ")}: the feature maps that feed the head, one a scale, fused into one map`;
  return { layers, note };
}

function alone(layer: CamLayer, why?: string): RunLayers {
  const reasons = [why, layer.reason].filter((reason) => reason !== undefined);
  const note = reasons.length === 0 ? undefined : `layer ${layer.name}: ${reasons.join("; ")}`;
  return { layers: [layer], note };
}

function requireScales(
  scales: readonly string[],
  { name, method }: Pick<LayeredRun, "name" | "method">,
): void {
  if (scales.length === 0) {
    throw new LimpidError(
      "bad-option",
      `layer: "${scalesName}" must be feature maps that feed the head of a detector, got none before what is explained. name a layer.`,
    );
  }
  if (method.info.fuses === true) return;
  throw new LimpidError(
    "bad-option",
    `layer: "${scalesName}" must be asked of a method that fuses layers, got ${name}. choose layer-cam, or name one: ${scales.join(", ")}.`,
  );
}

/** The layer with the most activation times slope, signs aside, over all pictures. */
async function strongest(
  layers: readonly CamLayer[],
  { model, targets, input, signal }: RunLayersRequest,
): Promise<CamLayer> {
  const values = layers.map(({ name }) => name);
  const rows = await explainRows(model, input, { targets, values, signal });
  const masses = values.map((_, i) =>
    rows.reduce((sum, row) => sum + massOf(row.values[i]!, row.gradients[i]!), 0),
  );
  return layers[masses.indexOf(largest(masses))]!;
}

function massOf(values: Float32Array, slopes: Float32Array): number {
  return values.reduce((sum, value, i) => sum + Math.abs(value * slopes[i]!), 0);
}
