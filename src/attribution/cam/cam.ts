/** @file What class activation maps share: the layer, its channels and gradients, the final ReLU, the heatmap. */
import type { StopSignal } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { orderOf, type PlaceCentres } from "../../image/placed-plane.ts";
import { camLayer, type CamLayer } from "./cam-layer.ts";
import { runDims } from "../../network/batches.ts";
import { farther, fusedMap, type PlacedMap } from "./fused-map.ts";
import { explainRows } from "../gradient/explained-rows.ts";
import { warningsOf, type Heatmap } from "../heatmap.ts";
import { onlyScore, type ExplainedScore } from "../../scores/explained-score.ts";
import type { ClassTargets } from "../../scores/class-targets.ts";
import { planesOf } from "../../network/map-layout.ts";
import { largest } from "../../statistics.ts";

export interface CamOptions {
  readonly targets: ClassTargets;
  /** Name of a feature map; the last one with spatial extent by default. */
  readonly layer?: string;
  /** Names of feature maps of which one map is fused, instead of `layer`. */
  readonly layers?: readonly string[];
  /** Leave the final ReLU out. */
  readonly signed?: boolean;
  readonly signal?: StopSignal;
}

/** A layer of one picture: `activations` and `gradients` of the logit are [channels, places]. */
export interface FeatureMap {
  readonly channels: number;
  readonly places: number;
  /** Places of the finest of all layers that are fused; `places` without it. */
  readonly finest?: number;
  readonly activations: Float32Array;
  readonly gradients: Float32Array;
}

/** The name of a method and the unit of its numbers. */
export interface CamKind {
  readonly method: string;
  readonly unit: string;
}

/** The layer that a method works on for pictures [N, C, H, W]. Throws as `camLayer`. */
export async function chosenCamLayer(
  model: Model,
  input: Tensor,
  asked: string | undefined,
): Promise<CamLayer> {
  model.requirePictures(input);
  const traced = await model.at(runDims(model, input.dims));
  return camLayer(traced, model, asked ?? usualLayers(traced, model).at(-1));
}

/** The default layers of a model that lead to what is explained, the finest first. */
function usualLayers({ shapes }: Graph, model: Model): readonly string[] {
  return model.usualLayers.filter((name) => shapes.has(name));
}

/** The layers that are fused: those asked for, else the model's own default. */
async function fusedLayers(
  model: Model,
  input: Tensor,
  { layer, layers }: CamOptions,
): Promise<readonly CamLayer[]> {
  model.requirePictures(input);
  const usual = usualLayers(await model.at(runDims(model, input.dims)), model);
  const isUsual = layers === undefined && layer === undefined && usual.length > 0;
  const asked: readonly (string | undefined)[] = isUsual ? usual : (layers ?? [layer]);
  return Promise.all(asked.map((name) => chosenCamLayer(model, input, name)));
}

/** One map [H, W] a picture, made of each layer's activations and gradients by `combine`, before its ReLU. */
export async function gradientCam(
  model: Model,
  input: Tensor,
  options: CamOptions,
  kind: CamKind,
  combine: (features: FeatureMap) => Float64Array,
): Promise<Heatmap[]> {
  const layers = await fusedLayers(model, input, options);
  const finest = largest(layers.map(({ layout }) => layout.height * layout.width));
  const values = layers.map(({ name }) => name);
  const rows = await explainRows(model, input, { ...options, values });
  return rows.map((row) => {
    const maps = layers.map((layer, i) => {
      const { channels, height, width } = layer.layout;
      const activations = planesOf(row.values[i]!, layer.layout);
      const gradients = planesOf(row.gradients[i]!, layer.layout);
      const features = { channels, places: height * width, finest, activations, gradients };
      return placedMap(combine(features), layer);
    });
    return heatmapOf(maps, layers, row, options, kind);
  });
}

/** The heatmap of a map before its ReLU, its places in the picture's order, which need not be the layer's. */
export function camHeatmap(
  raw: Float64Array,
  layer: CamLayer,
  row: ExplainedScore,
  options: CamOptions,
  kind: CamKind,
): Heatmap {
  return heatmapOf([placedMap(raw, layer)], [layer], row, options, kind);
}

/** The heatmap of maps before their ReLU; of several with negative numbers those farthest from 0 are kept. */
function heatmapOf(
  maps: readonly PlacedMap[],
  layers: readonly CamLayer[],
  row: ExplainedScore,
  options: CamOptions,
  kind: CamKind,
): Heatmap {
  const { data: signed, dims, centres } = fusedMap(maps, options.signed ? farther : Math.max);
  const data = options.signed ? signed : signed.map((value) => Math.max(value, 0));
  const names = layers.map(({ name }) => name);
  return {
    ...kind,
    data,
    dims,
    ...(centres ? { centres } : {}),
    ...onlyScore(row),
    layer: names.join(" + "),
    ...(names.length > 1 ? { layers: names } : {}),
    warnings: [
      ...layers.flatMap(({ misplaced }) => (misplaced ? [misplaced] : [])),
      ...warningsOf(data, { beforeRelu: signed }),
    ],
  };
}

function placedMap(raw: Float64Array, { centres, layout }: CamLayer): PlacedMap {
  const order = centres && ordersOf(centres);
  const data = Float32Array.from(order ? order.rows.flatMap((y) => rowOf(raw, y, order.x)) : raw);
  return { data, dims: layout.sides, centres: order?.centres };
}

/** Places from one end of each side to the other; of a volume the rows of its slices, one slice after the other. */
function ordersOf({ x, y, z }: PlaceCentres) {
  const orders = { x: orderOf(x), y: orderOf(y), z: z && orderOf(z) };
  const rows = orders.z?.flatMap((slice) => orders.y.map((row) => slice * y.length + row));
  const centres: PlaceCentres = {
    x: orders.x.map((at) => x[at]!),
    y: orders.y.map((at) => y[at]!),
    ...(z && orders.z ? { z: orders.z.map((at) => z[at]!) } : {}),
  };
  return { x: orders.x, rows: rows ?? orders.y, centres };
}

function rowOf(map: Float64Array, y: number, columns: readonly number[]): readonly number[] {
  return columns.map((x) => map[y * columns.length + x]!);
}

/** sum_k weights[k] * A_k, [places]. */
export function weightedSum(
  weights: ArrayLike<number>,
  { channels, places, activations }: Pick<FeatureMap, "channels" | "places" | "activations">,
): Float64Array {
  const map = new Float64Array(places);
  for (let k = 0; k < channels; k++) {
    const weight = weights[k]!;
    for (let i = 0; i < places; i++) map[i]! += weight * activations[k * places + i]!;
  }
  return map;
}

/** One weight a channel from its activations and gradients, each [places]. */
export function channelWeights(
  { channels, places, activations, gradients }: FeatureMap,
  weightOf: (activations: Float32Array, gradients: Float32Array) => number,
): Float64Array {
  return Float64Array.from({ length: channels }, (_, k) => {
    const own = [k * places, (k + 1) * places] as const;
    return weightOf(activations.subarray(...own), gradients.subarray(...own));
  });
}
