/** @file Readers of TensorFlow's graphs: frozen ones, and those of TensorFlow Lite. */
import * as fc from "fast-check";
import { openGraph } from "../../../src/formats/index.ts";
import { memorySource } from "../../../src/formats/source.ts";
import { layersOf } from "../../../src/network/layers.ts";
import { drawnGraphs } from "../../tensorflow/drawn-graph.ts";
import { frozenGraph } from "../../tensorflow/frozen-graph.ts";
import { fitsLite, liteGraph } from "../../tensorflow/lite-graph.ts";
import { mutateFlat } from "../mutations/flat.ts";
import { mutateProtobuf } from "../mutations/protobuf.ts";
import type { Reader } from "../reader.ts";

const drawn = fc.sample(drawnGraphs, { numRuns: 40, seed: 1 });

/** Opens a file of that name. */
const reading = (name: string) => async (bytes: Uint8Array) => {
  layersOf(await openGraph(memorySource(name, bytes)));
  return true;
};

export const tensorflowReaders: readonly Reader[] = [
  {
    name: "frozen-graph",
    share: 6,
    seeds: () => drawn.map(({ graph }) => frozenGraph(graph)),
    mutate: mutateProtobuf,
    read: reading("graph.pb"),
  },
  {
    name: "tflite",
    share: 6,
    seeds: () =>
      drawn
        .filter(({ graph }) => fitsLite(graph))
        .map(({ graph, output }, i) => liteGraph(graph, output, i % 2 === 0)),
    mutate: mutateFlat,
    read: reading("graph.tflite"),
  },
];
