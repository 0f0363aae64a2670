/** @file The layer that a class activation map lies on: the one asked for, or the last that still knows places. */
import { isFailure, LimpidError } from "../../errors.ts";
import { nodesBefore } from "../../graph/edit.ts";
import type { Graph, Node } from "../../graph/graph.ts";
import type { PlaceCentres } from "../../image/placed-plane.ts";
import type { MapWarning } from "../heatmap.ts";
import { valuesOfLayer, valuesOfMap } from "../../network/activated-layers.ts";
import { findLayer, lastSpatialLayer, type Layer } from "../../network/layers.ts";
import type { HeadKind } from "../../network/head-kind.ts";
import { isOfPlaces } from "../../network/head.ts";
import type { Model } from "../../network/model.ts";
import { placesOfLayer } from "../../network/place-centres.ts";
import { formatShape, toNumbers } from "../../graph/tensor.ts";
import { mapLayout, type MapLayout } from "../../network/map-layout.ts";

export interface CamLayer {
  /** Name of the value. */
  readonly name: string;
  readonly layout: MapLayout;
  /** Where its places lie on the picture; undefined for the plain grid. */
  readonly centres: PlaceCentres | undefined;
  /** What is wrong with its places; undefined where they are known. */
  readonly misplaced?: MapWarning;
  /** Why it was chosen, or how it is read; undefined for a feature map that was asked for. */
  readonly reason: string | undefined;
}

/**
 * The layer of a traced graph that class activation maps are computed on. By default the last feature map with spatial
 * extent before what is explained, of a unit before its own layer, on which the map only repeats it; of vision
 * transformers the last normalised tokens that a later node still mixes, because behind the last mixing the class token
 * alone decides. Throws `unknown-layer` if there is none, or none of
 * the name asked for, and `bad-option` if that one has no places.
 */
export function camLayer(
  graph: Graph,
  { explained: output, unitLayer, head }: Pick<Model, "explained" | "unitLayer" | "head">,
  asked: string | undefined,
): CamLayer {
  if (asked !== undefined) return layerAsked(graph, findLayer(graph, asked));
  const own = unitLayer === undefined ? undefined : ownValues(graph, unitLayer, output, head.kind);
  const chosen = lastPlaces(graph, output, own) ?? (own && ownPlaces(graph, output));
  if (chosen) return chosen;
  throw noMap(output, []);
}

/** The default layer of class activation maps; undefined where there is none. */
export function usualCamLayer(
  graph: Graph,
  model: Pick<Model, "explained" | "unitLayer" | "head">,
): string | undefined {
  try {
    return camLayer(graph, model, undefined).name;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return undefined;
  }
}

/** The values of the layer that what is explained is a unit of, and those between it and the output. */
function ownValues(
  graph: Graph,
  layer: string,
  output: string,
  kind: HeadKind,
): ReadonlySet<string> {
  const before = nodesBefore(graph, layer);
  const behind = [...nodesBefore(graph, output)].filter((node) => !before.has(node));
  return new Set([
    ...(isOfPlaces(kind) ? valuesOfMap(graph, layer) : valuesOfLayer(graph, layer)),
    ...behind.flatMap(({ outputs }) => outputs),
  ]);
}

/** The last feature map or tokens with places, some values passed over. Throws where the network has none at all. */
function lastPlaces(
  graph: Graph,
  output: string,
  passedOver: ReadonlySet<string> | undefined,
): CamLayer | undefined {
  try {
    const { layer, reason } = lastSpatialLayer(graph, output, passedOver);
    const layout = mapLayout(graph, layer.name);
    return layout && placed(graph, { name: layer.name, layout, reason });
  } catch (error) {
    const tokens = lastMixedTokens(graph, output);
    if (!tokens && !passedOver) throw error;
    return tokens;
  }
}

/** Where a unit's layer is the first of all. */
function ownPlaces(graph: Graph, output: string): CamLayer | undefined {
  const own = lastPlaces(graph, output, undefined);
  return (
    own && { ...own, reason: "the unit's own, which the map repeats: there is none before it" }
  );
}

function layerAsked(graph: Graph, layer: Layer): CamLayer {
  const layout = mapLayout(graph, layer.name);
  if (!layout) throw noMap(layer.name, layer.shape ?? []);
  const reason = layout.placeStride === 1 ? undefined : readingOf(layout);
  return placed(graph, { name: layer.name, layout, reason });
}

/** The layer with the places of its cells; where the network mixes them on the way, that is said. */
function placed(graph: Graph, layer: Omit<CamLayer, "centres" | "misplaced">): CamLayer {
  const { name, axes } = layer.layout.grid;
  const { centres, isKnown } = placesOfLayer(graph, name, axes);
  if (isKnown) return { ...layer, centres };
  const mixed = "places are mixed or turned on the way to it, so its own are drawn on an even grid";
  const misplaced: MapWarning = {
    cause: "mixed-places",
    message: `places are mixed or turned on the way to layer ${layer.name}: its own are drawn on an even grid, and need not lie there on the picture`,
  };
  const reason = layer.reason ? `${layer.reason}; ${mixed}` : mixed;
  return { ...layer, centres, misplaced, reason };
}

function noMap(name: string, dims: readonly number[]): LimpidError {
  return new LimpidError(
    "bad-option",
    `layer: "${name}" must be a feature map [N, C, H, W] with more than one place, or tokens [N, T, C] of one, got shape ${formatShape(dims)}. choose an earlier layer.`,
  );
}

function readingOf({ height, width, channels, extraTokens }: MapLayout): string {
  const dropped = extraTokens === 0 ? "" : `, ${extraTokens} without a place left out`;
  return `tokens folded back to a grid of ${height} x ${width} with ${channels} channels${dropped}`;
}

function lastMixedTokens(graph: Graph, output: string): CamLayer | undefined {
  const path = [...nodesBefore(graph, output)].toReversed();
  const mixing = path.findLastIndex((node) => mixesPlaces(graph, node));
  const candidates = path.slice(0, Math.max(mixing, 0)).toReversed();
  const normalised = candidates.filter(({ operator }) => operator === "LayerNormalization");
  for (const node of [...normalised, ...candidates]) {
    const name = node.outputs[0]!;
    const layout = mapLayout(graph, name);
    if (!layout || graph.shapes.get(name)!.dims.length !== 3) continue;
    const reason = `${readingOf(layout)}: the last that are mixed before the output`;
    return placed(graph, { name, layout, reason });
  }
  return undefined;
}

/** Attention multiplies two values that both depend on the picture; other heads take means over tokens. */
function mixesPlaces(graph: Graph, node: Node): boolean {
  if (node.operator === "MatMul" || node.operator === "Einsum") {
    return node.inputs.every((input) => !graph.initializers.has(input));
  }
  if (node.operator !== "ReduceMean" && node.operator !== "ReduceMax") return false;
  const axes = graph.initializers.get(node.inputs[1] ?? "");
  return axes !== undefined && toNumbers(axes).includes(1);
}
