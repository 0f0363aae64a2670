/** @file What a layer's numbers at single places of pictures do to the network's logits. */
import type { ObservedLayer } from "../../activations/observed-layers.ts";
import type { StopSignal } from "../../errors.ts";
import { cut } from "../../graph/edit.ts";
import type { Graph, Node } from "../../graph/graph.ts";
import { elementCount, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { runRows, stackRows } from "../../network/run-rows.ts";

/** By how much numbers are scaled up and down: small enough for a slope, large enough for float32. */
const step = 0.05;

/** A picture [1, C, H, W], and y * width + x in the layer. */
export interface PicturePlace {
  readonly input: Tensor;
  readonly place: number;
}

/**
 * Of each place the change of every logit as the layer's numbers there are scaled, for each whole of them: gradient times
 * activation, summed over channels, of all logits in two runs forwards. Where the logits are linear in the layer, what the place adds. Throws `aborted`.
 */
export async function placeEffects(
  model: Model,
  layer: ObservedLayer,
  places: readonly PicturePlace[],
  signal?: StopSignal,
): Promise<readonly Float32Array[]> {
  const [first] = places;
  if (!first) return [];
  const batch = model.fixedBatch ?? 2 * places.length;
  const traced = await model.at([batch, ...first.input.dims.slice(1)]);
  const graph = scaledGraph(traced, layer.name, model.logits);
  const dims = traced.shapes.get(layer.name)!.dims;
  const size = elementCount(dims) / batch;
  const inputs = places.flatMap(({ input }) => Array(2).fill(input.data) as Float32Array[]);
  const pictures = stackRows(inputs, [inputs.length, ...first.input.dims.slice(1)]);
  const feeds = (rows: readonly number[]) => {
    const scales = rows.map((row) => {
      const factor = row % 2 === 0 ? 1 + step : 1 - step;
      return scaleOf(layer, size, places[Math.floor(row / 2)]!.place, factor);
    });
    return { [scaleName]: stackRows(scales, dims) };
  };
  const request = { graph, batch, pictures, feeds, ...(signal ? { signal } : {}) };
  const logits = await runRows(model, request, ({ of }) => of(model.logits));
  return places.map((_, i) => {
    const [up, down] = [logits[2 * i]!, logits[2 * i + 1]!];
    return up.map((value, k) => (value - down[k]!) / (2 * step));
  });
}

const scaleName = "atlas/scale";

/** The logits of a graph, with what a layer gives multiplied by another input of its shape. */
function scaledGraph(traced: Graph, layer: string, logits: string): Graph {
  const scaled = `${scaleName}/values`;
  const { type, dims } = traced.shapes.get(layer)!;
  const product: Node = {
    name: scaled,
    operator: "Mul",
    domain: "",
    inputs: [layer, scaleName],
    outputs: [scaled],
    attributes: {},
  };
  const nodes = traced.nodes.flatMap((node) => {
    const inputs = node.inputs.map((name) => (name === layer ? scaled : name));
    const own = inputs.includes(scaled) ? { ...node, inputs } : node;
    return node.outputs.includes(layer) ? [own, product] : [own];
  });
  const inputs = [...traced.inputs, { name: scaleName, type, dims }];
  const shapes = new Map(traced.shapes).set(scaleName, { type, dims }).set(scaled, { type, dims });
  return cut({ ...traced, nodes, inputs, shapes }, { outputs: [logits] });
}

/** Ones, but for all channels of a place. */
function scaleOf(layer: ObservedLayer, size: number, place: number, factor: number): Float32Array {
  const { shape, layout } = layer;
  const [, channels, height = 1, width = 1] = shape as readonly [number, number, number?, number?];
  const scale = new Float32Array(size).fill(1);
  const offset = layout?.offset ?? 0;
  const [channelStride, placeStride] = layout
    ? [layout.channelStride, layout.placeStride]
    : [height * width, 1];
  for (let c = 0; c < channels; c++)
    scale[offset + c * channelStride + place * placeStride] = factor;
  return scale;
}
