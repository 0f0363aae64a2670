/** @file Readers of models: the file alone, and a network made ready, traced, differentiated and run in the guard. */
import { readyModel } from "../../../src/app/open.ts";
import { differentiate } from "../../../src/autodiff/differentiate.ts";
import { openGraph } from "../../../src/formats/index.ts";
import { memorySource, type ByteSource } from "../../../src/formats/source.ts";
import { cut } from "../../../src/graph/edit.ts";
import type { Graph } from "../../../src/graph/graph.ts";
import { elementCount, tensor, type Tensor } from "../../../src/graph/tensor.ts";
import { labelsOf } from "../../../src/network/labels.ts";
import { layersOf } from "../../../src/network/layers.ts";
import type { Model } from "../../../src/network/model.ts";
import { randomStream } from "../../../src/random.ts";
import type { Runtime } from "../../../src/runtime/runtime.ts";
import { bytesOf, corpusOf } from "../corpus.ts";
import { endOf, guardedRuntime } from "../guarded.ts";
import { mutateProtobuf } from "../mutations/protobuf.ts";
import type { Reader, Scene, SceneEvent } from "../reader.ts";
import { rowModels } from "../row-models.ts";

const weights = bytesOf("weights of the model, ".repeat(40));

function sourceOf(bytes: Uint8Array): ByteSource {
  const beside = async (location: string) =>
    location === "weights.bin" ? memorySource(location, weights) : undefined;
  return memorySource("model.onnx", bytes, beside);
}

export const modelReaders: readonly Reader[] = [
  {
    name: "onnx",
    share: 45,
    seeds: () => [...corpusOf("onnx"), ...rowModels()],
    mutate: mutateProtobuf,
    read: async (bytes) => {
      const graph = await openGraph(sourceOf(bytes));
      layersOf(graph);
      return true;
    },
  },
  {
    name: "model",
    share: 5,
    seeds: () => [...corpusOf("onnx"), ...rowModels()],
    mutate: mutateProtobuf,
    read: async (bytes, scene) => {
      const runtime = guardedRuntime();
      const graph = await openGraph(sourceOf(bytes));
      try {
        await runGradient(graph, runtime, scene.number);
        return true;
      } catch (error) {
        const kind = endOf(error);
        if (kind) scene.note({ kind, what: await operatorOf(kind, graph, runtime, scene) });
        throw error;
      }
    },
  },
];

async function runGradient(graph: Graph, on: Runtime, number: number): Promise<void> {
  const model = await readyModel(graph, on, {});
  const dims = model.inputDims();
  const traced = await model.at(dims);
  const explained = traced.shapes.get(model.explained)!;
  const classes = elementCount(explained.dims) / (explained.dims[0] ?? 1);
  if (Number.isInteger(classes) && classes > 0) {
    await labelsOf(undefined, classes, graph.metadata);
  }
  const name = model.input.name;
  const { graph: backward, gradients } = differentiate(traced, {
    of: model.explained,
    wrt: [name],
  });
  const wanted = [model.explained, gradients.get(name)!];
  const outputs = backward.outputs.filter((output) => wanted.includes(output.name));
  await on.run({ ...backward, outputs }, { [name]: pictureOf(model, number) });
}

/** Noise of larger pictures is the same over and over. */
const mostNoise = 4096;

function pictureOf(model: Model, number: number): Tensor {
  const dims = model.inputDims();
  const data = new Float32Array(elementCount(dims));
  const noise = new Float32Array(Math.min(data.length, mostNoise));
  randomStream("picture", number).normals(noise);
  for (let at = 0; at < data.length; at += noise.length) {
    data.set(noise.subarray(0, data.length - at), at);
  }
  return tensor("float32", dims, data);
}

/** The first operator up to which a run of the network ends the process. */
async function operatorOf(
  kind: SceneEvent["kind"],
  graph: Graph,
  on: Runtime,
  { number }: Scene,
): Promise<string> {
  const all = [...new Set(graph.nodes.map(({ operator }) => operator))].join(", ");
  if (kind !== "end in the guard") return all;
  for (const { operator, outputs } of graph.nodes) {
    const [output] = outputs.filter(Boolean);
    if (output === undefined) continue;
    try {
      await runGradient(withEnd(graph, output), on, number);
    } catch (error) {
      if (endOf(error) === kind) return operator;
    }
  }
  return all;
}

function withEnd(graph: Graph, output: string): Graph {
  return cut(graph, { outputs: [output] });
}
