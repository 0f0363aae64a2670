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
 * without channels. `rank` is that of feature maps: 4 of pictures, 3 of signals, 5 of volumes, whose other layers, such as
 * tokens, are refused.
 */
export function observedLayers(
  graph: Graph,
  asked: readonly string[],
  rank = 4,
): readonly ObservedLayer[] {
  const names =
    asked.length > 0
      ? inOrder(graph, new Set(asked.map((name) => findLayer(graph, name).name)))
      : usualLayers(graph, rank);
  if (names.length === 0) {
    throw new LimpidError(
      "unknown-layer",
      say`activations: the network must have convolutions or pools, got none. choose layers with ${option("layer")}.`,
    );
  }
  const convolutions = new Set(convolutionLayers(graph));
  const makers = producers(graph);
  const mapNames = new Set(featureMaps(graph, rank));
  return names.map((name) => {
    const operator = makers.get(name)!.operator;
    const isConvolution = convolutions.has(name);
    const { dims } = graph.shapes.get(name)!;
    const isMap = rank !== 4 && mapNames.has(name);
    const layout = isConvolution || isMap ? undefined : channelsLastLayout(graph, name);
    if (layout) {
      const shape = [dims[0]!, layout.channels, layout.height, layout.width];
      return { name, operator, shape, isConvolution, layout };
    }
    if (!isMap) layerSizes(name, dims);
    return { name, operator, shape: dims, isConvolution };
  });
}

/** The layers that are looked at where none is asked for; there may be none. */
export function usualLayers(graph: Graph, rank = 4): readonly string[] {
  return inOrder(graph, new Set([...featureMaps(graph, rank), ...tokenSums(graph)]));
}

/** Convolutions and pools of a rank, after their activation functions. */
function featureMaps(graph: Graph, rank: number): readonly string[] {
  const wanted = new Set(["Conv", ...operatorsWith("pool")]);
  const outputs = activatedOutputs(graph, ({ operator }) => wanted.has(operator));
  return outputs.filter((name) => graph.shapes.get(name)?.dims.length === rank);
}

function inOrder(graph: Graph, names: ReadonlySet<string>): readonly string[] {
  return graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => names.has(name)));
}
