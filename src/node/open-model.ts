/** @file Opens a model file in Node. */
import { openGraph } from "../formats/index.ts";
import type { Graph } from "../graph/graph.ts";
import { fileSource } from "../disk/file-source.ts";

/**
 * The graph of a model file, as `openGraph` gives it; external data is read from the same folder. Weights of a large
 * file are left on disk, where the runtime maps them. Throws `bad-file`.
 */
export async function openModel(path: string): Promise<Graph> {
  return openGraph(await fileSource(path));
}
