/** @file What layers make of the picture in hand. */
import { chosenLayers } from "../../src/app/activations/layers.ts";
import { runPicture, type SeenLayer } from "../../src/app/activations/picture.ts";
import type { ObservedLayer } from "../../src/activations/observed-layers.ts";
import type { Graph } from "../../src/graph/graph.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";

/** The network at the size of the picture in hand. */
export function tracedFor(desk: Desk): Promise<Graph> {
  const { model } = desk.open;
  return model.at(model.batchDims(desk.looked.source.input.dims));
}

/** Layers by name; of none all that are looked at. Throws `unknown-layer`. */
export async function layersOn(
  desk: Desk,
  names: readonly string[],
): Promise<readonly ObservedLayer[]> {
  const traced = await tracedFor(desk);
  return chosenLayers(traced, { layers: names, preprocess: undefined, range: undefined }).layers;
}

/** Throws as `runPicture`. */
export async function seenLayers(
  desk: Desk,
  layers: readonly ObservedLayer[],
  call: CallContext,
): Promise<readonly SeenLayer[]> {
  const { context } = desk.job(call);
  const plan = { layers, channels: [] };
  return (await runPicture(desk.open.model, desk.looked.source, plan, context)).layers;
}

/** A layer that is looked at channel by channel: it is run once for each picture. Throws as `layersOn` and `runPicture`. */
export async function seenLayer(desk: Desk, name: string, call: CallContext): Promise<SeenLayer> {
  if (desk.seen?.name === name) return desk.seen;
  const [seen] = await seenLayers(desk, await layersOn(desk, [name]), call);
  desk.seen = seen!;
  return seen!;
}
