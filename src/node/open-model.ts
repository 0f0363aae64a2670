/** @file Opens a model file in Node. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { LimpidError } from "../errors.ts";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import { requireFiniteWeights } from "../graph/finite.ts";
import type { Graph } from "../graph/graph.ts";
import { arrayType, elementCount, type FileRegion, type Tensor } from "../graph/tensor.ts";
import { readBytes } from "./files.ts";

/** From this size on weights of a large file stay on disk until somebody looks at their numbers. */
const lazyElements = 1 << 16;

/** Smaller files stay in memory as they are. */
const largeFileBytes = 1 << 27;

/**
 * The graph of an ONNX file; external data is read from the same folder. Weights of a large file are
 * left on disk, where the runtime maps them, so that no copy of them stays in memory. Throws `bad-file`, also for
 * weights that are NaN or infinite.
 */
export async function openModel(path: string): Promise<Graph> {
  const bytes = await readBytes(path);
  const file = bytes.byteLength < largeFileBytes ? undefined : await mappableFile(path);
  try {
    const graph = decodeOnnx(bytes, {
      name: path,
      takeOver: true,
      ...(file === undefined ? {} : { path: file }),
      external: (location) => readExternal(path, location),
    });
    requireFiniteWeights(graph);
    return file === undefined ? graph : leaveOnDisk(graph, bytes);
  } catch (cause) {
    if (!(cause instanceof LimpidError) || cause.code !== "bad-file") throw cause;
    throw new LimpidError("bad-file", `"${path}": ${cause.message}`, { cause });
  }
}

/** The file itself, behind links, which ONNX Runtime does not follow out of a folder; none for a pipe. */
async function mappableFile(path: string): Promise<string | undefined> {
  return (await stat(path)).isFile() ? realpath(path) : undefined;
}

/** The graph without the file's bytes, which are freed. */
function leaveOnDisk(graph: Graph, bytes: Uint8Array): Graph {
  const initializers = new Map(
    [...graph.initializers].map(([name, value]) => [name, onDisk(value) ?? ownCopy(value)]),
  );
  free(bytes.buffer as ArrayBuffer);
  return { ...graph, initializers };
}

function onDisk({ file, type, dims }: Tensor): Tensor | undefined {
  if (!file || type === "string" || elementCount(dims) < lazyElements) return undefined;
  return {
    type,
    dims,
    file,
    get data() {
      return readRegion(file, type, elementCount(dims));
    },
  };
}

function ownCopy(value: Tensor): Tensor {
  return { ...value, data: value.data.slice() };
}

/** Gives memory back at once: the collector would wait until after the peak. A closed port drops what it was handed. */
function free(buffer: ArrayBuffer): void {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.postMessage(null, [buffer]);
  port1.close();
}

function readRegion(file: FileRegion, type: Exclude<Tensor["type"], "string">, count: number) {
  const data = new (arrayType(type))(count);
  const bytes = new Uint8Array(data.buffer);
  const handle = openSync(file.path, "r");
  try {
    let done = 0;
    while (done < bytes.length) {
      const read = readSync(handle, bytes, done, bytes.length - done, file.offsetBytes + done);
      if (read === 0) {
        throw new LimpidError(
          "bad-file",
          `read: "${file.path}" must not change while it is used, got a shorter file.`,
        );
      }
      done += read;
    }
  } finally {
    closeSync(handle);
  }
  return data;
}

function readExternal(path: string, location: string): Uint8Array {
  const inside = normalize(location);
  if (isAbsolute(inside) || inside.startsWith("..")) {
    throw new LimpidError(
      "bad-file",
      `external data: the file must lie in the model's folder, got "${location}".`,
    );
  }
  const file = join(dirname(path), inside);
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw new LimpidError("bad-file", `external data: "${file}" must exist, got no such file.`, {
      cause,
    });
  }
}
