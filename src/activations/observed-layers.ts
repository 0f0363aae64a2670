/** @file Which layers are looked at: convolutions and pools after their activation functions, or those that are asked for. */
import { option, say } from "../wording/face.ts";
import { operatorsWith } from "../graph/operators.ts";
import { LimpidError } from "../errors.ts";
import { activatedOutputs, convolutionLayers } from "../network/activated-layers.ts";
import { producers, type Graph } from "../graph/graph.ts";
import { findLayer } from "../network/layers.ts";
import { layerSizes } from "./picture-summary.ts";

/** A layer as it is known before any picture. */
export interface ObservedLayer {
  readonly name: string;
  /** The operator that gives it: that of the activation function, where one belongs to a convolution. */
  readonly operator: string;
  /** [N, C, H, W] or [N, C]. */
  readonly shape: readonly number[];
  readonly isConvolution: boolean;
}

/**
 * The layers of a traced graph that are asked for by names or parts of names, each once; of no names, each
 * convolution and pool after its activation function; in the order of computation either way. Throws
 * `unknown-layer`, also if the network has neither, and `bad-option` for a layer without channels.
 */
export function observedLayers(graph: Graph, asked: readonly string[]): readonly ObservedLayer[] {
  const names =
    asked.length > 0
      ? inOrder(graph, new Set(asked.map((name) => findLayer(graph, name).name)))
      : activatedOutputs(graph, new Set(["Conv", ...operatorsWith("pool")])).filter(
          (name) => graph.shapes.get(name)?.dims.length === 4,
        );
  if (names.length === 0) {
    throw new LimpidError(
      "unknown-layer",
      say`activations: the network must have convolutions or pools, got none. choose layers with ${option("layer")}.`,
    );
  }
  const convolutions = new Set(convolutionLayers(graph));
  const makers = producers(graph);
  return names.map((name) => {
    const shape = graph.shapes.get(name)!.dims;
    layerSizes(name, shape);
    const operator = makers.get(name)!.operator;
    return { name, operator, shape, isConvolution: convolutions.has(name) };
  });
}

function inOrder(graph: Graph, names: ReadonlySet<string>): readonly string[] {
  return graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => names.has(name)));
}
