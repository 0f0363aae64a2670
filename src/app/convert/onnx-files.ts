/** @file A network as the files that it is written to: one, or a model and the data of its weights. */
import { openGraph } from "../../formats/index.ts";
import { encodeOnnx } from "../../formats/onnx/encode.ts";
import { memorySource, type ByteSource } from "../../formats/source.ts";
import type { Graph } from "../../graph/graph.ts";
import { sizeInBytes, tensor, type Tensor } from "../../graph/tensor.ts";
import { baseName, folderOf, joinPath } from "../../wording/paths.ts";

/** Weights of one file, as a protobuf message cannot be longer than 2 GiB. */
const mostBytesInside = 2 ** 31 - 2 ** 26;

/** Smaller weights stay in the model. */
const leastBytesOutside = 1024;

/** Runtimes may map weights where they lie. */
const alignment = 64;

/** A file to be written. */
export interface OutFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The model's file first. Weights of more than `most` bytes in all lie in a file beside it. */
export function onnxFiles(graph: Graph, out: string, most = mostBytesInside): readonly OutFile[] {
  if (weightBytes(graph) <= most) return [{ path: out, bytes: encodeOnnx(graph).bytes }];
  const externalName = `${baseName(out)}.data`;
  const { bytes, external } = encodeOnnx(withWeightsTogether(graph), {
    externalThresholdBytes: leastBytesOutside,
    externalName,
  });
  const beside = external.map(({ path, data }) => ({
    path: joinPath(folderOf(out), path),
    bytes: data,
  }));
  return [{ path: out, bytes }, ...beside];
}

/** What will be read of files that are not written yet. */
export function readBack([model, ...beside]: readonly OutFile[]): Promise<Graph> {
  const parts = new Map(beside.map(({ path, bytes }) => [baseName(path), bytes]));
  const source = (path: string, bytes: Uint8Array): ByteSource =>
    memorySource(path, bytes, async (location) => {
      const part = parts.get(location);
      return part && source(location, part);
    });
  return openGraph(source(model!.path, model!.bytes));
}

function weightBytes(graph: Graph): number {
  return [...graph.initializers.values()].reduce((sum, value) => sum + paddedBytes(value), 0);
}

function paddedBytes(value: Tensor): number {
  return Math.ceil(sizeInBytes(value) / alignment) * alignment;
}

/** The large weights are views of one buffer, so that they become one file. */
function withWeightsTogether(graph: Graph): Graph {
  const large = [...graph.initializers].filter(
    ([, value]) => value.type !== "string" && sizeInBytes(value) >= leastBytesOutside,
  );
  const whole = new Uint8Array(large.reduce((sum, [, value]) => sum + paddedBytes(value), 0));
  const initializers = new Map(graph.initializers);
  let at = 0;
  for (const [name, value] of large) {
    const { buffer, byteOffset, byteLength, constructor } = value.data as Float32Array;
    whole.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    const Type = constructor as Float32ArrayConstructor;
    const data = new Type(whole.buffer, at, value.data.length);
    initializers.set(name, tensor(value.type as "float32", value.dims, data));
    at += paddedBytes(value);
  }
  return { ...graph, initializers };
}
