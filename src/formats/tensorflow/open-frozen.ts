/** @file Opens frozen graphs of TensorFlow: a GraphDef whose weights are constants. */
import type { Graph } from "../../graph/graph.ts";
import { isSavedModel, savedModelParts } from "./binary/saved-model.ts";
import { describeGraphDef } from "./binary/graphdef.ts";
import { badGraph } from "./description.ts";
import type { FolderSource } from "../folder-source.ts";
import type { ByteSource } from "../source.ts";
import { graphOfTensorflow } from "./tensorflow-graph.ts";

/** Messages of protocol buffers cannot be longer. */
const mostBytes = 2 ** 31 - 1;

/** The graph of a frozen .pb file, or of a SavedModel whose weights are constants. Throws `bad-file`. */
export async function openFrozen(source: ByteSource): Promise<Graph> {
  if (source.size > mostBytes) {
    throw badGraph(`a graph file must have at most ${mostBytes} bytes, got ${source.size}`);
  }
  const bytes = await source.read(0, source.size);
  if (!isSavedModel(bytes)) {
    return graphOfTensorflow(describeGraphDef(bytes), new Map(), { name: "graph" });
  }
  const { graph, inputs, outputs } = savedModelParts(bytes);
  return graphOfTensorflow(describeGraphDef(graph), new Map(), { name: "graph", inputs, outputs });
}

/** The file of a SavedModel's folder that holds its graph. */
const savedModelName = "saved_model.pb";

/** The graph of a SavedModel's folder. Throws `bad-file` for one whose weights are variables. */
export async function openSavedModel(folder: FolderSource): Promise<Graph> {
  if (folder.files.some((path) => path.startsWith("variables/variables.data"))) {
    throw badGraph(
      "the weights must be constants of the graph, got a SavedModel, which keeps them as variables",
      "save the model as .keras or .h5, or turn it into TF.js's format with tensorflowjs_converter",
    );
  }
  return openFrozen(await folder.file(savedModelName));
}
