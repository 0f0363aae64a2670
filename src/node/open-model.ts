/** @file Opens a model of a path in Node. */
import { modelSource } from "../app/model-source.ts";
import { openGraph } from "../formats/index.ts";
import type { Graph } from "../graph/graph.ts";
import { nodePlatform } from "./platform.ts";

/**
 * The graph of a model's file, folder or zip archive, as `openGraph` gives it; parts are read from the same folder. Weights
 * of a large file are left on disk, where the runtime maps them. Throws `bad-file`.
 */
export async function openModel(path: string): Promise<Graph> {
  return openGraph(await modelSource(nodePlatform, path));
}
