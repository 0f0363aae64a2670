/** @file Writes a network of any format as ONNX, and makes sure that the file is the same network. */
import { internalError, LimpidError, throwIfAborted } from "../../errors.ts";
import { digestGraph } from "../../graph/digest.ts";
import type { Graph } from "../../graph/graph.ts";
import { elementCount } from "../../graph/tensor.ts";
import { readingNotes } from "../../network/reading-notes.ts";
import { libraryWords, wordsOf } from "../../wording/face.ts";
import type { JobContext } from "../context.ts";
import { openNetwork } from "../open.ts";
import { compareRuns } from "./compare.ts";
import { onnxFiles, readBack, type OutFile } from "./onnx-files.ts";
import type { ConvertRequest } from "./request.ts";
import type { ConvertRecord } from "./schema.ts";

/**
 * Converts a network. What was assumed as it was read is told as notes. Throws as `openNetwork`, `bad-option` for a
 * place that is no ONNX file's or that is read, and as `compareRuns`; then nothing is written.
 */
export async function convert(
  request: ConvertRequest,
  context: JobContext,
): Promise<ConvertRecord> {
  const { platform, signal } = context;
  const { model, out, seed } = request;
  requireOnnxName(out);
  await platform.requireWritable(out);
  const graph = await openNetwork(model, context);
  // Now it is known what is read.
  await platform.requireWritable(out);
  const reading = readingNotes(graph);
  for (const note of reading) context.onNote?.(note);
  throwIfAborted(signal, "convert");
  const files = onnxFiles(graph, out);
  const written = await readBack(files);
  const digest = await digestGraph(written);
  const isSame = digest === (await digestGraph(graph));
  const runtime = await platform.openRuntime(request.runtime);
  try {
    const compared = await compareRuns(graph, written, runtime, seed, context);
    if (!sameMetadata(graph, written) || (!isSame && !compared)) {
      throw internalError("convert", "the network that was written is not the one that was read");
    }
    throwIfAborted(signal, "convert");
    await writeFiles(files, context);
    return {
      model,
      files: files.map(({ path, bytes }) => ({ path, bytes: bytes.byteLength })),
      digest,
      nodes: graph.nodes.length,
      parameters: parameterCount(graph),
      metadata: [...graph.metadata.keys()],
      reading: reading.map((note) => wordsOf(note, libraryWords)),
      compared,
    };
  } finally {
    await runtime.release();
  }
}

function requireOnnxName(out: string): void {
  if (/[^\\/]\.onnx$/i.test(out)) return;
  throw new LimpidError(
    "bad-option",
    `out: the file's name must end in .onnx, got "${out}". other formats are not written.`,
  );
}

function sameMetadata({ metadata }: Graph, written: Graph): boolean {
  return [...metadata].every(([key, value]) => written.metadata.get(key) === value);
}

function parameterCount(graph: Graph): number {
  const values = [...graph.initializers.values()];
  return values.reduce((sum, { dims }) => sum + elementCount(dims), 0);
}

/** The model last, so that it is never there without its weights; what cannot be read again is removed. */
async function writeFiles(files: readonly OutFile[], { platform }: JobContext): Promise<void> {
  const written: string[] = [];
  try {
    for (const { path, bytes } of files.toReversed()) {
      await platform.writeWhole(path, bytes);
      written.push(path);
      await requireWritten(path, bytes, await platform.readOwn(path));
    }
  } catch (cause) {
    for (const path of written) await platform.remove(path);
    throw cause;
  }
}

async function requireWritten(
  path: string,
  bytes: Uint8Array,
  found: Uint8Array | undefined,
): Promise<void> {
  const isSame =
    found?.length === bytes.length && found.every((byte, index) => byte === bytes[index]);
  if (isSame) return;
  throw new LimpidError(
    "bad-file",
    `write: "${path}" must hold what was written to it, got something else. choose another place.`,
  );
}
