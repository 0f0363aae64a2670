/** @file Opens models of TensorFlow Lite. */
import type { Graph } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import type { ByteSource } from "../source.ts";
import { graphOfTensorflow } from "../tensorflow/tensorflow-graph.ts";
import { badTflite } from "./bad-tflite.ts";
import { describeLite } from "./lite-graph.ts";
import { liteMetadata } from "./lite-metadata.ts";
import { liteModel, type LiteModel } from "./lite-model.ts";

/** Offsets of flatbuffers reach no further. */
const mostBytes = 2 ** 31 - 1;

/** The graph of a .tflite file, with its labels and normalisation. Throws `bad-file`. */
export async function openTflite(source: ByteSource): Promise<Graph> {
  if (source.size > mostBytes) {
    throw badTflite(`a model file must have at most ${mostBytes} bytes, got ${source.size}`);
  }
  const model = liteModel(await source.read(0, source.size));
  const { preprocessing, classes } = await liteMetadata(model, source);
  const metadata = new Map<string, string>();
  if (preprocessing) metadata.set(metadataKeys.preprocessing, JSON.stringify(preprocessing));
  if (classes) metadata.set(metadataKeys.classes, JSON.stringify(classes));
  const { description, weights, outputs } = describeLite(model);
  const reading = readingOf(model);
  return graphOfTensorflow(description, weights, { name: "graph", outputs, metadata, reading });
}

/** What is computed otherwise than on a phone. */
function readingOf({ tensors }: LiteModel): readonly string[] {
  const quantized = tensors.filter(({ quantization }) => quantization);
  if (quantized.some(({ data }) => !data)) {
    return [
      "The file computes whole numbers; here it is computed in floats, on the numbers that they stand for.",
    ];
  }
  return quantized.length > 0
    ? ["Quantised weights are taken as the floats that they stand for."]
    : [];
}
