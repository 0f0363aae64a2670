/** @file Which layers are looked at: convolutions and pools after their activation functions, sums of tokens, or those that are asked for. */
import { option, say } from "../wording/face.ts";
import { operatorsWith } from "../graph/operators.ts";
import { LimpidError } from "../errors.ts";
import { activatedOutputs, convolutionLayers } from "../network/activated-layers.ts";
import { producers, type Graph } from "../graph/graph.ts";
import { findLayer } from "../network/layers.ts";
import type { MapLayout } from "../network/map-layout.ts";
import { layerSizes } from "./picture-summary.ts";
import { channelsLastLayout, tokenSums } from "./token-layers.ts";

/** A layer as it is known before any picture. */
export interface ObservedLayer {
  readonly name: string;
  /** The operator that gives it: that of the activation function, where one belongs to a convolution. */
  readonly operator: string;
  /** [N, C, H, W] or [N, C]. */
  readonly shape: readonly number[];
  readonly isConvolution: boolean;
  /** Of tokens, and of maps [N, H, W, C]: where channels and places lie; `shape` is then that of the maps [N, C, H, W]. */
  readonly layout?: MapLayout;
}

/** Whether a layer's places are those of an earlier map, as tokens have them. */
export function areTokens({ name, layout }: ObservedLayer): boolean {
  return layout !== undefined && layout.grid.name !== name;
}

/**
 * The layers of a traced graph that are asked for by names or parts of names, each once; of no names, each
 * convolution and pool after its activation function and, of transformers, what their blocks add to; in the order of
 * computation either way. Throws `unknown-layer`, also if the network has none of these, and `bad-option` for a layer
 * without channels.
 */
export function observedLayers(graph: Graph, asked: readonly string[]): readonly ObservedLayer[] {
  const names =
    asked.length > 0
      ? inOrder(graph, new Set(asked.map((name) => findLayer(graph, name).name)))
      : usualLayers(graph);
  if (names.length === 0) {
    throw new LimpidError(
      "unknown-layer",
      say`activations: the network must have convolutions or pools, got none. choose layers with ${option("layer")}.`,
    );
  }
  const convolutions = new Set(convolutionLayers(graph));
  const makers = producers(graph);
  return names.map((name) => {
    const operator = makers.get(name)!.operator;
    const isConvolution = convolutions.has(name);
    const { dims } = graph.shapes.get(name)!;
    const layout = isConvolution ? undefined : channelsLastLayout(graph, name);
    if (layout) {
      const shape = [dims[0]!, layout.channels, layout.height, layout.width];
      return { name, operator, shape, isConvolution, layout };
    }
    layerSizes(name, dims);
    return { name, operator, shape: dims, isConvolution };
  });
}

function usualLayers(graph: Graph): readonly string[] {
  const outputs = activatedOutputs(graph, new Set(["Conv", ...operatorsWith("pool")]));
  const maps = outputs.filter((name) => graph.shapes.get(name)?.dims.length === 4);
  return inOrder(graph, new Set([...maps, ...tokenSums(graph)]));
}

function inOrder(graph: Graph, names: ReadonlySet<string>): readonly string[] {
  return graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => names.has(name)));
}
