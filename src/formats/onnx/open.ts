/** @file Opens ONNX models: the file, and the data files beside it. */
import { requireFiniteWeights } from "../../graph/finite.ts";
import type { Attribute, Graph } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { mappedIfLarge, staysOnDisk, tensorOnDisk } from "../on-disk.ts";
import type { ByteSource, MappedFile } from "../source.ts";
import { badFile } from "./bad-file.ts";
import { graphOf } from "./decode.ts";
import { readExternalData } from "./external-data.ts";
import { parseModel } from "./parse.ts";
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
  const bytes = await source.read(0, source.size);
  const model = parseModel(bytes);
  const external = await readExternalData(model, source);
  const mapped = mappedIfLarge(source);
  const region = mapped && { path: mapped.path, offsetBytes: mapped.startBytes };
  const options = { takeOver: true, external, ...(region ? { region } : {}) };
  const graph = graphOf(model, new TensorReader(bytes, options));
  requireFiniteWeights(graph);
  return mapped ? leaveOnDisk(graph, mapped, bytes) : graph;
}

/** The graph without the file's bytes, which are freed. */
function leaveOnDisk(graph: Graph, mapped: MappedFile, bytes: Uint8Array): Graph {
  const result = withTensors(graph, (value) => {
    const { file, type, dims } = value;
    const within = file && file.offsetBytes - mapped.startBytes;
    const isOwn = file?.path === mapped.path && within! >= 0 && within! < bytes.length;
    // Weights of a data file beside the model are on disk already, in an archive that is the same file.
    if (file && !isOwn) return value;
    return isOwn && type !== "string" && staysOnDisk(value)
      ? tensorOnDisk(type, dims, mapped, within!)
      : { ...value, data: value.data.slice() };
  });
  mapped.free(bytes);
  return result;
}

/** The graph with each of its tensors replaced, those of graphs inside it too. */
function withTensors(graph: Graph, change: (value: Tensor) => Tensor): Graph {
  const changed = (attribute: Attribute): Attribute => {
    if (attribute.kind === "tensor") return { kind: "tensor", value: change(attribute.value) };
    if (attribute.kind !== "graph") return attribute;
    return { kind: "graph", value: withTensors(attribute.value, change) };
  };
  return {
    ...graph,
    initializers: new Map([...graph.initializers].map(([name, value]) => [name, change(value)])),
    nodes: graph.nodes.map((node) => {
      const attributes = Object.entries(node.attributes).map(
        ([name, attribute]) => [name, changed(attribute)] as const,
      );
      return { ...node, attributes: Object.fromEntries(attributes) };
    }),
  };
}
