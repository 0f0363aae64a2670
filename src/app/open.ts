/** @file Opens what a command names: networks and data sets by path or by the catalog's names. */
import type { Graph } from "../graph/graph.ts";
import { withDownloads, type JobContext } from "./context.ts";
import type { LocatedPath } from "./platform.ts";

/** The place of a path or a name, with progress where it is downloaded. Throws as the platform's `locate`. */
export function locatePlace(asked: string, context: JobContext): Promise<LocatedPath> {
  return withDownloads(context, (request) => context.platform.locate(asked, request));
}

/** The network of a path or a name, with progress where it is downloaded. Throws as the platform's `openNetwork`. */
export function openNetwork(asked: string, context: JobContext): Promise<Graph> {
  return withDownloads(context, (request) => context.platform.openNetwork(asked, request));
}
