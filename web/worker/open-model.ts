/** @file Opens a network that the page hands over, or one that comes with it. */
import { withAskedWeights } from "../../src/app/asked-weights.ts";
import type { JobContext } from "../../src/app/context.ts";
import { filesInHand, pathOf } from "../../src/app/handed-file.ts";
import { namesAsked, readLabels } from "../../src/app/labels.ts";
import { setSource } from "../../src/app/model-source.ts";
import { readyModel } from "../../src/app/open.ts";
import { openGraph } from "../../src/formats/index.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { isOfPlaces } from "../../src/network/head.ts";
import type { WebFile, WebPlatform } from "../../src/web/platform.ts";
import { baseName } from "../../src/wording/paths.ts";
import { preprocessings } from "../../src/image/preprocess.ts";
import type { Model } from "../../src/network/model.ts";
import type { BesideModel, ModelRecipe, PathedFile } from "../files-protocol.ts";
import { firstNetworks } from "../first-map.ts";
import type { ModelInHand, OpenedModel } from "../protocol.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";
import { untilLater } from "./later-code.ts";
import { methodFacts, offeredMethods } from "./method-facts.ts";
import { watchedParts } from "./missing-parts.ts";
import { namesOfCommand } from "../page/files/shipped-models.ts";
import { networkLayers } from "./network-layers.ts";
import { shippedNetwork } from "./shipped-networks.ts";
import { fetchSoonNeeded } from "./soon-needed.ts";
import { requireFits } from "./tab-memory.ts";

/** The network takes the place of the one before, whose sessions are given back. Throws as `openGraph` and `readyModel`. */
export async function openModel(
  desk: Desk,
  asked: ModelInHand,
  call: CallContext,
): Promise<OpenedModel> {
  if (asked.kind === "files") fetchSoonNeeded();
  const [files] = await Promise.all([filesOf(asked), isFirst(asked) ? undefined : untilLater()]);
  const handed = filesInHand<WebFile>(files);
  requireFits(handed.map(sizedFile));
  const platform = desk.platformWith(handed);
  const { context, notes } = desk.job(call, platform);
  const { name, graph } = await openParts(handed, asked, platform, context);
  const runtime = await desk.computing.open();
  const names = besidePath(platform, asked.names);
  const told = await namesAsked(context.platform, names);
  const model = await readyModel(graph, runtime, context, told);
  const { names: labels } = await readLabels(context.platform, names, model, model.inputDims());
  const layers = networkLayers(await model.whole(model.inputDims()), model);
  await desk.network?.runtime.release();
  desk.platform = platform;
  const layerNames = layers.layers.map((layer) => layer.name);
  desk.network = { name, graph, model, runtime, labels, layers: layerNames };
  desk.picture = undefined;
  return {
    name,
    recipe: recipeOf(asked, name),
    digest: await model.digest(),
    input: model.inputDims().slice(1),
    classes: labels,
    ...layers,
    usualPreparations: Object.keys(preprocessings),
    methods: offeredMethods(),
    usualMethod: methodFacts(usualMethodOf(model, layers)),
    hasRegions: isOfPlaces(model.head.kind) || model.head.kind === "boxes",
    notes: [...(asked.known?.notes ?? []), ...notes],
    threads: globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 8) : 1,
  };
}

async function filesOf(asked: ModelInHand): Promise<readonly WebFile[]> {
  return asked.kind === "files" ? asked.files : [await shippedNetwork(asked.name)];
}

/** Whether its map is made without later code. */
function isFirst(asked: ModelInHand): boolean {
  return asked.kind === "shipped" && firstNetworks.includes(asked.name);
}

function sizedFile(file: WebFile): { readonly name: string; readonly size: number } {
  if (!("data" in file)) return file;
  const { name, data } = file;
  if (typeof data === "string") return { name, size: data.length };
  return { name, size: data instanceof Blob ? data.size : data.byteLength };
}

/** The graph of files that belong together, with the weights that are asked for. Throws `MissingParts` where only they fail it. */
async function openParts(
  handed: readonly WebFile[],
  { weights, known }: BesideModel,
  platform: WebPlatform,
  context: JobContext,
): Promise<{ readonly name: string; readonly graph: Graph }> {
  const path = besidePath(platform, weights);
  const asked = { ...context, ...(path === undefined ? {} : { weights: path }) };
  const parts = watchedParts(context.platform);
  const source = await setSource(parts, handed.map(pathOf));
  const graph = await parts.orMissing(() => withAskedWeights(() => openGraph(source), asked));
  const metadata = new Map([...(known?.metadata ?? []), ...graph.metadata]);
  return { name: source.name, graph: { ...graph, metadata } };
}

/** Boxes and regions are told apart by LayerCAM alone; a network without maps has no class activation map. */
function usualMethodOf({ head }: Model, { layers }: Pick<OpenedModel, "layers">): string {
  if (!layers.some(({ height, width }) => height * width > 1)) return "gradient";
  return isOfPlaces(head.kind) || head.kind === "boxes" ? "layer-cam" : "grad-cam";
}

/** How the command names it: the names of networks that ship are its own, but those that are data sets, too. */
function recipeOf(asked: ModelInHand, name: string): ModelRecipe {
  const isNamed = asked.kind === "shipped" && namesOfCommand.has(asked.name);
  return {
    network: isNamed ? asked.name : (asked.known?.name ?? name),
    isOfPage: asked.kind === "shipped" && !isNamed,
    ...(asked.names ? { labels: baseName(asked.names.name) } : {}),
    ...(asked.weights ? { weights: baseName(asked.weights.name) } : {}),
  };
}

/** Where a file lies that is given beside the network: under a name that no part of a network has. */
function besidePath(platform: WebPlatform, file: PathedFile | undefined): string | undefined {
  if (!file) return undefined;
  const name = `beside/${baseName(file.name)}`;
  platform.add([{ name, data: file.data }]);
  return name;
}
