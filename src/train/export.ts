/** @file A trained network as a model that says of itself how its input is prepared and what its classes are. */
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph, ValueInfo } from "../graph/graph.ts";
import { toHalf } from "../graph/half.ts";
import { tensor, toFloat32, type Tensor } from "../graph/tensor.ts";
import type { Preprocessing } from "../image/preprocess.ts";
import { metadataKeys } from "../graph/metadata.ts";
import type { BuiltNetwork, TrainableNetwork } from "./trainable-network.ts";

export interface ExportOptions {
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
  /** Anything that JSON can hold. */
  readonly training?: unknown;
  /** `float16` halves the file; it is turned back into float32 when the model runs. `float32` by default. */
  readonly precision?: "float32" | "float16";
}

/** Values of a network by the names of its parameters and memory. */
export interface NetworkValues {
  readonly parameters: ReadonlyMap<string, Tensor>;
  readonly memory: ReadonlyMap<string, Tensor>;
}

/**
 * The network in inference: input [N, C, H, W] with N left open, output `probabilities` [N, classes] after
 * softmax or sigmoid; of a segmenter [N, classes, H, W]. A detector ends as YOLOv8's exports do, in `output0`
 * [N, 4 + classes, cells]: centre, width and height in pixels, and classes after the sigmoid; `task` and `names` of its
 * metadata say so, too. Layers keep their names.
 */
export function exportNetwork(
  network: TrainableNetwork,
  { parameters, memory }: NetworkValues,
  options: ExportOptions,
): Graph {
  const b = new GraphBuilder();
  const pictures = b.input("input", [1, ...network.inputDims]);
  const values = new Map(
    [...parameters, ...memory].map(([name, value]) => {
      if (options.precision !== "float16" || !isHalved(value)) {
        return [name, b.initializer(name, value)] as const;
      }
      const half = b.initializer(`${name}/float16`, toHalf(value));
      return [name, b.cast(half, "float32")] as const;
    }),
  );
  b.output(answerOf(b, network, network.build(b, pictures, values, "inference")));
  return withOpenBatch(b.build("network"), metadataOf(options, network));
}

function answerOf(
  b: GraphBuilder,
  { activation }: TrainableNetwork,
  { logits, boxes }: BuiltNetwork,
): Value {
  if (boxes) {
    const scores = b.op("Sigmoid", [logits], {}, "probabilities");
    return b.op("Concat", [boxes.values, scores], { axis: 1 }, "output0");
  }
  return activation === "softmax"
    ? b.op("Softmax", [logits], { axis: 1 }, "probabilities")
    : b.op("Sigmoid", [logits], {}, "probabilities");
}

/** The values as they come out of a file with `float16` weights: what such a file is to be evaluated by. */
export function roundedToHalf({ parameters, memory }: NetworkValues): NetworkValues {
  const rounded = (values: ReadonlyMap<string, Tensor>) =>
    new Map(
      [...values].map(([name, value]) => [name, isHalved(value) ? throughHalf(value) : value]),
    );
  return { parameters: rounded(parameters), memory: rounded(memory) };
}

function throughHalf(value: Tensor): Tensor {
  return tensor("float32", value.dims, toFloat32(toHalf(value)));
}

function isHalved(value: Tensor): boolean {
  return value.data.length >= smallestHalved;
}

/** Biases and scales stay as they are: they weigh little, and much depends on each. */
const smallestHalved = 1024;

function withOpenBatch(graph: Graph, metadata: ReadonlyMap<string, string>): Graph {
  const open = (value: ValueInfo): ValueInfo => ({
    ...value,
    dims: ["N", ...(value.dims ?? []).slice(1)],
  });
  return {
    ...graph,
    inputs: graph.inputs.map(open),
    outputs: graph.outputs.map(open),
    shapes: new Map(),
    metadata,
  };
}

function metadataOf(
  { classes, preprocessing, training }: ExportOptions,
  { answers }: TrainableNetwork,
): Map<string, string> {
  const metadata = new Map<string, string>([
    [metadataKeys.preprocessing, JSON.stringify(preprocessing)],
    [metadataKeys.classes, JSON.stringify(classes)],
  ]);
  if (answers === "boxes") {
    metadata.set("task", "detect");
    metadata.set(
      "names",
      `{${classes.map((name, c) => `${c}: ${JSON.stringify(name)}`).join(", ")}}`,
    );
  }
  if (training !== undefined) metadata.set(metadataKeys.training, JSON.stringify(training));
  return metadata;
}
