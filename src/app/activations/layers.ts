/** @file Which layers of a network are looked at, and which of their channels are enlarged. */
import {
  areTokens,
  observedLayers,
  type ObservedLayer,
} from "../../activations/observed-layers.ts";
import { LimpidError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { layersAsked } from "../../network/layers.ts";
import { parseSelection } from "../../scores/selection.ts";
import { option, say } from "../../wording/face.ts";
import type { JobContext } from "../context.ts";
import type { ActivationsSettings } from "./request.ts";
import { largest } from "../../statistics.ts";

/** What is looked at. */
export interface ChosenLayers {
  /** In the order of computation. */
  readonly layers: readonly ObservedLayer[];
  /** Channels of the only layer that are enlarged; none of several. */
  readonly channels: readonly number[];
}

/** The layers and channels of a traced graph, whose feature maps are of a rank. Throws as `observedLayers`, and `bad-option` for the channels. */
export function chosenLayers(
  graph: Graph,
  { layers: asked = [], channels }: ActivationsSettings,
  rank = 4,
): ChosenLayers {
  const layers = observedLayers(graph, layersAsked(graph, asked), rank);
  return { layers, channels: enlargedChannels(layers, channels) };
}

/** Says in one sentence how tokens are shown, if there are any. */
export function tellTokens(layers: readonly ObservedLayer[], onNote: JobContext["onNote"]): void {
  const counts = layers.filter(areTokens).map(({ layout }) => layout!.extraTokens);
  if (counts.length === 0) return;
  const most = largest(counts);
  const left = ["", "; the class token has no place there and is left out"][most];
  const others = `; the ${most} tokens that have no place there are left out`;
  onNote?.(`layers of tokens are shown on the grid of their patches${left ?? others}`);
}

/** Says which layers hold numbers that are none, of which no measures can be made: what these are, and of which pictures. */
export function tellNotFinite(
  broken: readonly ObservedLayer[],
  { holds, of }: { readonly holds: string; readonly of: string },
  onNote: JobContext["onNote"],
): void {
  const [first] = broken;
  if (!first) return;
  const more = broken.length > 1 ? `, and ${broken.length - 1} more that are shown` : "";
  onNote?.(
    `layer "${first.name}" holds ${holds} for ${of}${more}: the network gives no numbers there, and its measures say nothing; check how the input is prepared, and the network`,
  );
}

function enlargedChannels(
  layers: readonly ObservedLayer[],
  asked: string | undefined,
): readonly number[] {
  if (asked === undefined) return [];
  const [layer, ...others] = layers;
  if (layer && others.length === 0) {
    return parseSelection(asked, layer.shape[1]!, 0, `channel of "${layer.name}"`);
  }
  throw new LimpidError(
    "bad-option",
    say`${option("channel")}: one layer must be chosen with ${option("layer")}, got ${layers.length}.`,
  );
}
