/** @file What is shown where nobody has chosen: a method, the layer that a map lies on, the layer whose channels stand beside it. */
import type { LayerFacts, OpenedModel } from "../protocol.ts";
import { knownMethod } from "./computing/known-methods.ts";
import type { State } from "./computing/store.ts";

/** The method of the view; where it names none, what networks of the kind are usually explained by. */
export function methodOf({ view, model }: Pick<State, "view" | "model">): string {
  return view.method ?? model?.usualMethod.name ?? "grad-cam";
}

/** The layer that a map is asked on. Undefined leaves it to the method, as for layers without places, which no map lies on. */
export function mapLayerOf(
  { view, model, methods }: Pick<State, "view" | "model" | "methods">,
  layers: readonly LayerFacts[] = model?.layers ?? [],
): string | undefined {
  const method = methodOf({ view, model });
  const takesLayer = knownMethod({ model, methods }, method)?.takesLayer === true;
  const layer = layers.find(({ name }) => name === view.layer);
  return takesLayer && layer && layer.height * layer.width > 1 ? layer.name : undefined;
}

/** The layer whose channels are shown: the chosen one, else the last that the map lies on, else the last with places. */
export function shownLayerOf({
  view,
  model,
  map,
}: Pick<State, "view" | "model" | "map">): string | undefined {
  if (view.layer !== undefined) return view.layer;
  const layers = model?.layers ?? [];
  const names = map?.layer?.split(" + ") ?? [];
  const last =
    layers.findLast(({ name }) => names.includes(name)) ??
    layers.findLast(({ height, width }) => height * width > 1) ??
    layers.at(-1);
  return last?.name;
}

/** The part of the picture that is explained; undefined where the target takes none, whatever an address says. */
export function regionOf({ view, model }: Pick<State, "view" | "model">): string | undefined {
  return model && takesRegion(view.target, model) ? view.region : undefined;
}

/** Whether a target can be explained in a part of the picture: of a network that answers place by place, or of a layer with places. */
export function takesRegion(
  target: string,
  { hasRegions, layers }: Pick<OpenedModel, "hasRegions" | "layers">,
): boolean {
  if (hasRegions) return true;
  const [, named] = /^(.+):\d+$/.exec(target) ?? [];
  const layer = layers.find(({ name }) => name === named);
  return layer !== undefined && layer.height * layer.width > 1;
}

/** Whether something is listed that can be watched while parts of a picture are hidden. */
export function hasAnswers(picture: State["picture"]): boolean {
  return picture !== undefined && (picture.answers.length > 0 || picture.value !== undefined);
}
