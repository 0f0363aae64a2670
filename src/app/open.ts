/** @file Opens what a command names: networks and data sets by path or by the catalog's names. */
import { openGraph } from "../formats/index.ts";
import type { Graph } from "../graph/graph.ts";
import { isFailure } from "../errors.ts";
import { shapesFound } from "../network/head.ts";
import { Model, type ModelOptions } from "../network/model.ts";
import { lookedModel } from "../scores/explained-model.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { metadataBeside } from "./beside-model.ts";
import { withDownloads, type JobContext } from "./context.ts";
import { withAskedWeights } from "./asked-weights.ts";
import { addressSource, isAddress, modelSource } from "./model-source.ts";
import type { LocatedPath, LocateRequest, Platform } from "./platform.ts";

/** Where a name is looked for beside the usual places. */
export type LookUp = Pick<LocateRequest, "own" | "asName">;

/** The place of a path or a name, with progress where it is downloaded. Throws as the platform's `locate`. */
export function locatePlace(
  asked: string,
  context: JobContext,
  lookUp: LookUp = {},
): Promise<LocatedPath> {
  const { platform } = context;
  return withDownloads(context, (request) => platform.locate(asked, { ...request, ...lookUp }));
}

/**
 * The network of a path, an address or a name, with progress where it is downloaded; a path may be that of a folder. What
 * the catalog knows of it and what files beside it say stands in its metadata, unless the file says it itself. Throws as
 * the platform's `locate`, as `addressSource`, as `openGraph` and as `withAskedWeights`.
 */
export async function openNetwork(
  asked: string,
  context: JobContext,
  lookUp: LookUp = {},
): Promise<Graph> {
  return withAskedWeights(() => ownNetwork(asked, context, lookUp), context);
}

/** With the weights that the network brings along. */
async function ownNetwork(asked: string, context: JobContext, lookUp: LookUp): Promise<Graph> {
  const { platform } = context;
  if (isAddress(asked)) return openGraph(await addressSource(asked, context));
  const located = await withDownloads(context, (request) =>
    platform.locate(asked, { ...request, ...lookUp, only: "network" }),
  );
  const source = await modelSource(platform, located.path);
  const graph = await openGraph(source);
  const known = await knownMetadata(platform, located);
  return { ...graph, metadata: new Map([...known, ...graph.metadata]) };
}

/** What the catalog and files beside it say of a network, which its own file has a say over. */
export async function knownMetadata(
  platform: Pick<Platform, "find" | "list" | "source">,
  { path, from, metadata = new Map() }: LocatedPath,
): Promise<ReadonlyMap<string, string>> {
  // Of a folder, opening it knows what lies beside the model.
  const isFolder = (await platform.find(path))?.kind === "folder";
  if (from !== "disk" || isFolder) return metadata;
  return new Map([...metadata, ...(await metadataBeside(platform, path))]);
}

/**
 * A network made ready on a runtime; what was changed of the file's, and decided of its output, is told as notes. An
 * output whose shape the file does not tell is looked at in a first run, and so are the numbers of a detector. Throws as `Model`.
 */
export async function readyModel(
  graph: Graph,
  runtime: Runtime,
  context: Pick<JobContext, "onNote">,
  options: ModelOptions = {},
): Promise<Model> {
  const measured = await measuredModel(new Model(graph, runtime, options), graph, options);
  const model = await lookedModel(measured);
  for (const note of model.notes) context.onNote?.(note);
  return model;
}

/** The model itself if its outputs are sure; else the same with their shapes in a first run. */
async function measuredModel(model: Model, graph: Graph, options: ModelOptions): Promise<Model> {
  if (model.head.isSure) return model;
  const traced = await tracedOf(model);
  if (!traced) return model;
  const told = { ...options, ...shapesFound(traced, model.network), like: model };
  return new Model(graph, model.runtime, told);
}

/** Undefined for a network that cannot be run, which is told when it is asked something. */
async function tracedOf(model: Model): Promise<Graph | undefined> {
  try {
    return await model.whole(model.inputDims());
  } catch (error) {
    if (!isFailure(error)) throw error;
    return undefined;
  }
}
