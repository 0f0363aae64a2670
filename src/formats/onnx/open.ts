/** @file Opens ONNX models: the file, and the data files beside it. */
import { requireFiniteWeights } from "../../graph/finite.ts";
import type { Graph } from "../../graph/graph.ts";
import { LimpidError } from "../../errors.ts";
import { mappedIfLarge } from "../on-disk.ts";
import type { ByteSource } from "../source.ts";
import { badFile } from "./bad-file.ts";
import { normalizedGraph, tablesFor, writtenGraph } from "./normalized-graph.ts";
import { readExternalData } from "./external-data.ts";
import { parseModel, type ModelWithGraph } from "./parse.ts";
import { TensorReader } from "./tensors.ts";

/** Messages of protocol buffers cannot be longer. */
const mostBytes = 2 ** 31 - 1;

/**
 * The graph of an ONNX file, as `decodeOnnx` gives it; external data is read beside it. Weights of a large file that
 * can be mapped stay on disk, and no copy of them in memory. Throws `bad-file`, also for weights that are NaN or
 * infinite.
 */
export async function openOnnx(source: ByteSource): Promise<Graph> {
  if (source.size > mostBytes) {
    throw badFile(
      `a model file must have at most ${mostBytes} bytes, got ${source.size}`,
      "keep the weights in a data file beside it",
    );
  }
  const { model, parts } = await readModel(source);
  const external = await readExternalData(model, parts);
  const read = writtenGraph(model, new TensorReader({ takeOver: true, external }));
  const graph = normalizedGraph(read, await tablesFor(read));
  requireFiniteWeights(graph);
  return graph;
}

interface ReadModel {
  readonly model: ModelWithGraph;
  /** Where those lie that are not in the bytes. */
  readonly parts: ByteSource;
}

async function readModel(source: ByteSource): Promise<ReadModel> {
  const onDisk = mappedIfLarge(source) && (await readWithoutWeights(source));
  if (onDisk) return onDisk;
  return { model: parseModel(await source.read(0, source.size)), parts: source };
}

/** Undefined for what must be read as a whole, if only to say where it is broken. */
async function readWithoutWeights(source: ByteSource): Promise<ReadModel | undefined> {
  await source.verify?.();
  const { withoutWeights } = await import("./without-weights.ts");
  const rest = await withoutWeights(source);
  if (!rest) return undefined;
  try {
    return { model: parseModel(rest.bytes), parts: rest.source };
  } catch (error) {
    if (error instanceof LimpidError) return undefined;
    throw error;
  }
}
