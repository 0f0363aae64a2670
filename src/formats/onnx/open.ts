/** @file Opens ONNX models: the file, and the data files beside it. */
import { requireFiniteWeights } from "../../graph/finite.ts";
import type { Graph } from "../../graph/graph.ts";
import { LimpidError } from "../../errors.ts";
import { mappedIfLarge } from "../on-disk.ts";
import type { ByteSource } from "../source.ts";
import { badFile } from "./bad-file.ts";
import { normalizedGraph, rewritesFor, writtenGraph } from "./normalized-graph.ts";
import { externalTensors, type ExternalData } from "./external-tensors.ts";
import { NotOnnx, parseModel, type ModelWithGraph } from "./parse.ts";
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
  const external = await readExternal(model, parts);
  const tensors = new TensorReader({ takeOver: true, ...(external ? { external } : {}) });
  const read = writtenGraph(model, tensors);
  const graph = normalizedGraph(read, await rewritesFor(read));
  requireFiniteWeights(graph);
  return graph;
}

/** What lies in files beside the model; undefined where nothing does. */
async function readExternal(
  model: ModelWithGraph,
  parts: ByteSource,
): Promise<ExternalData | undefined> {
  const named = externalTensors(model);
  if (named.length === 0) return undefined;
  const { readExternalData } = await import("./external-data.ts");
  return readExternalData(named, parts);
}

interface ReadModel {
  readonly model: ModelWithGraph;
  /** Where those lie that are not in the bytes. */
  readonly parts: ByteSource;
}

async function readModel(source: ByteSource): Promise<ReadModel> {
  const onDisk = mappedIfLarge(source) && (await readWithoutWeights(source));
  if (onDisk) return onDisk;
  return { model: await parsed(await source.read(0, source.size)), parts: source };
}

async function parsed(bytes: Uint8Array): Promise<ModelWithGraph> {
  try {
    return parseModel(bytes);
  } catch (error) {
    if (!(error instanceof NotOnnx)) throw error;
    throw (await import("./told-kind.ts")).withKind(error, bytes);
  }
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
