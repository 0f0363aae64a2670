/** @file The layers of a network that is open, where no gradient reaches them, and how they hang together. */
import { observedLayers, type ObservedLayer } from "../../src/activations/observed-layers.ts";
import { isFailure } from "../../src/errors.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { gradientGaps, layerGraph, type LayerGraphNode } from "../../src/network/layer-graph.ts";
import { layersOf } from "../../src/network/layers.ts";
import type { Model } from "../../src/network/model.ts";
import type { GraphFacts } from "../graph-facts.ts";
import type { OpenedModel } from "../protocol.ts";

/** Of the network as it is traced; the scores alone where it has no maps. */
export function networkLayers(traced: Graph, model: Model): Pick<OpenedModel, "layers" | "graph"> {
  const observed = [...observedIn(traced), ...scoresIn(traced, model)];
  const names = observed.map(({ name }) => name);
  const gaps = gradientGaps(traced, {
    of: model.explained,
    input: model.input.name,
    layers: names,
  });
  const parameters = new Map(
    layersOf(traced).map((layer) => [layer.name, layer.parameters] as const),
  );
  const layers = observed.map(({ name, operator, shape }) => ({
    name,
    operator,
    channels: shape[1]!,
    height: shape[2] ?? 1,
    width: shape[3] ?? 1,
    parameters: parameters.get(name) ?? 0,
    withoutGradient: gaps.layers.get(name) ?? [],
  }));
  const places = layerGraph(traced, new Set(names), new Set(gaps.nodes.keys()));
  const graph = places.map((place) => graphFacts(traced, place));
  return { layers: layers.length > 0 ? layers : [lastLayer(model)], graph };
}

/** None where there are no convolutions, pools or sums of tokens. */
function observedIn(traced: Graph): readonly ObservedLayer[] {
  try {
    return observedLayers(traced, []);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return [];
  }
}

/** The units of the output, which are looked at as channels of one place; none where it has places or is looked at already. */
function scoresIn(traced: Graph, { logits }: Model): readonly ObservedLayer[] {
  const isRow = traced.shapes.get(logits)?.dims.length === 2;
  if (!isRow || observedIn(traced).some(({ name }) => name === logits)) return [];
  return observedLayers(traced, [logits]);
}

function graphFacts(
  traced: Graph,
  { name, operator, kind, shape, before }: LayerGraphNode,
): GraphFacts {
  const isFloat = traced.shapes.get(name)?.type === "float32";
  const hasChannels =
    kind === "layer" ||
    (kind !== "input" && isFloat && (shape?.length === 4 || shape?.length === 2));
  return { name, operator, kind, hasChannels, size: shape?.slice(1) ?? [], before };
}

/** The scores alone, of a network without maps. */
function lastLayer(model: Model): OpenedModel["layers"][number] {
  return {
    name: model.logits,
    operator: "",
    channels: model.head.units ?? 0,
    height: 1,
    width: 1,
    parameters: 0,
    withoutGradient: [],
  };
}
