/** @file Which layers an atlas shows, and how large the pictures of their units are. */
import { observedLayers, usualLayers, type ObservedLayer } from "../activations/observed-layers.ts";
import { isComputedAt, sizeOf } from "../app/maximize/layers.ts";
import { nodesBefore } from "../graph/edit.ts";
import { producers, type Graph, type Node } from "../graph/graph.ts";
import { hasTrait } from "../graph/operators.ts";
import { withWholeMapPools, wholeMapPools } from "../graph/whole-map-pools.ts";
import type { Preprocessing } from "../image/preprocess.ts";
import { activatedOutputs, valuesOfMap } from "../network/activated-layers.ts";
import { layersAsked } from "../network/layers.ts";
import type { Model } from "../network/model.ts";
import type { PictureSize } from "../optvis/parameterizations.ts";
import { fileNames } from "../wording/file-names.ts";
import { option, say, type Message } from "../wording/face.ts";
import { formatCount, formatNumber, formatShare } from "../wording/numbers.ts";
import { withClassLogits } from "./read-out/plan-read-out.ts";
import { denseChoiceOf, type DenseChoice, type AtlasPreset, type AtlasRequest } from "./request.ts";

/** A layer, where its files lie, and how large its units' pictures are. */
export interface PlannedLayer extends ObservedLayer {
  /** A part of a path that is no other layer's. */
  readonly folder: string;
  readonly size: PictureSize;
  readonly channels: number;
}

interface PlannedLayers {
  /** In the order of computation. */
  readonly layers: readonly PlannedLayer[];
  /** As `AtlasPlan` has them. */
  readonly pictured: Model;
  readonly classes: string | undefined;
  readonly notes: readonly Message[];
}

/** Names in the site's folder that are no layer's. */
const taken = [
  "parts",
  "index.html",
  "atlas.js",
  "atlas-views.js",
  "atlas-views.css",
  "atlas.css",
  "atlas-index.js",
  "atlas-search.js",
  "caricature-photo.jpg",
  "README.md",
] as const;

/** Dense layers that do not hold classes are there unless asked for where their pictures take at most this share of what all others do. */
const mostHidden = 0.5;

type SizedLayer = Omit<PlannedLayer, "folder">;

/** Throws `unknown-layer`, also of a network without any, and `bad-option`. */
export async function plannedLayers(
  model: Model,
  how: Preprocessing,
  { sidePx }: AtlasPreset,
  request: AtlasRequest,
): Promise<PlannedLayers> {
  const graph = await model.whole(model.inputDims());
  const pools = wholeMapPools(graph);
  const pictured =
    pools.size === 0 ? model : model.changed((each) => withWholeMapPools(each, pools));
  const full = sizeOf(model, how, undefined);
  const small = sidePx === undefined ? full : sizeOf(model, how, sidePx);
  const sizedOf = async (layer: ObservedLayer): Promise<SizedLayer> => {
    const size = (await isComputedAt(pictured, layer.name, small)) ? small : full;
    return { ...layer, size, channels: layer.shape[1]! };
  };
  const ending = await withClassLogits(model);
  const classes = ending?.logits;
  // The one logit of an answer of yes or no is no class by its number.
  const isByNumber = ending?.head.kind !== "yes-no";
  const asked = layersAsked(graph, request.layers ?? []);
  const choice = denseChoiceOf(request.dense);
  const hidden = asked.length > 0 ? [] : hiddenDense(graph, classes);
  const withoutClasses = choice === "none" ? all(graph, undefined, []) : [];
  const usual = withoutClasses.length > 0 ? withoutClasses : all(graph, classes, hidden);
  const sized: SizedLayer[] = [];
  for (const layer of observedLayers(graph, asked.length > 0 ? asked : usual))
    sized.push(await sizedOf(layer));
  const { shown, note } = chosenOf(sized, hidden, choice);
  const folders = fileNames(
    shown.map(({ name }) => name),
    { taken },
  );
  const notes = [note, sizeNote(shown, small, full), poolNote(graph, pools, shown, [small, full])];
  return {
    layers: shown.map((layer) => ({ ...layer, folder: folders.get(layer.name)! })),
    pictured,
    classes: isByNumber ? shown.find(({ name }) => name === classes)?.name : undefined,
    notes: notes.filter((each) => each !== undefined),
  };
}

/** Names of the layers that there are where none is asked for. */
function all(
  graph: Graph,
  classes: string | undefined,
  hidden: readonly string[],
): readonly string[] {
  const isRow = classes !== undefined && graph.shapes.get(classes)?.dims.length === 2;
  const shown = isRow ? [classes] : [];
  // A pool that is laid flat to the classes would be there twice.
  const same = new Set(shown.flatMap((name) => sameNumbersBefore(graph, name)));
  const usual = usualLayers(graph).filter((name) => !same.has(name));
  return [...new Set([...usual, ...shown, ...hidden])];
}

/** Values that hold the same numbers as one that is made of them by shaping alone. */
function sameNumbersBefore(graph: Graph, value: string): readonly string[] {
  const makers = producers(graph);
  const found: string[] = [];
  for (let node = makers.get(value); node && hasTrait(node, "shapeOnly");) {
    found.push(node.inputs[0]!);
    node = makers.get(node.inputs[0]!);
  }
  return found;
}

/** Dense layers after their activation functions, but for the one that makes the classes. */
function hiddenDense(graph: Graph, classes: string | undefined): readonly string[] {
  const last = classes === undefined ? new Set<string>() : valuesOfMap(graph, classes);
  const isHidden = ({ operator, outputs: [made] }: Node) =>
    (operator === "Gemm" || operator === "MatMul") &&
    graph.shapes.get(made!)?.dims.length === 2 &&
    !last.has(made!);
  return activatedOutputs(graph, isHidden);
}

/** What pictures of a layer's units take, in pixels. */
function workOf({ channels, size }: SizedLayer): number {
  return channels * size.heightPx * size.widthPx;
}

function workOfAll(layers: readonly SizedLayer[]): number {
  return layers.reduce((sum, layer) => sum + workOf(layer), 0);
}

function chosenOf(
  layers: readonly SizedLayer[],
  hidden: readonly string[],
  choice: DenseChoice,
): { readonly shown: readonly SizedLayer[]; readonly note?: Message } {
  const dense = layers.filter(({ name }) => hidden.includes(name));
  const rest = layers.filter((layer) => !dense.includes(layer));
  // Of a network without maps they are what there is to see.
  const hasMaps = rest.some(({ shape }) => shape.length > 2);
  const times = workOfAll(dense) / workOfAll(rest);
  if (choice === "all" || !hasMaps || !(times > mostHidden)) return { shown: layers };
  const units = formatCount(dense.reduce((sum, { channels }) => sum + channels, 0));
  const [who, their] =
    dense.length === 1
      ? [`one dense layer of ${units} units is`, "its"]
      : [`${formatCount(dense.length)} dense layers of ${units} units are`, "their"];
  return {
    shown: rest,
    note: say`${who} left out: ${their} pictures would take about ${formatNumber(times, 2)} times as long as all others. ${option("dense", "all")} makes ${dense.length === 1 ? "it" : "them"} too`,
  };
}

function sizeNote(
  layers: readonly SizedLayer[],
  small: PictureSize,
  full: PictureSize,
): Message | undefined {
  const large = layers.filter(({ size }) => size !== small);
  if (large.length === 0) return undefined;
  const isDearer = full.widthPx * full.heightPx > small.widthPx * small.heightPx;
  const share = formatShare(workOfAll(large) / workOfAll(layers));
  const time = isDearer ? `, and take about ${share} of the time for pictures` : "";
  return say`${large.length} of ${layers.length} layers can be computed at the network's own size alone, so their units' pictures have ${full.widthPx} pixels${time}`;
}

/** Says of layers for whose small pictures a pool is made larger or smaller than the file has it. */
function poolNote(
  graph: Graph,
  pools: ReadonlySet<string>,
  layers: readonly SizedLayer[],
  [small, full]: readonly [PictureSize, PictureSize],
): Message | undefined {
  if (small === full) return undefined;
  const isBehind = ({ name, size }: SizedLayer) =>
    size === small && [...nodesBefore(graph, name)].some(({ outputs }) => pools.has(outputs[0]!));
  const behind = layers.filter(isBehind).length;
  if (behind === 0) return undefined;
  return say`${behind} of ${layers.length} layers lie behind a pool over the whole map, which the network fixes for ${full.widthPx} pixels: for pictures of ${small.widthPx} pixels it is over the whole of their smaller maps`;
}
