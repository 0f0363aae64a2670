/** @file The two networks of the training benchmark, as trainable networks. */
import type { GraphBuilder, Value } from "../src/graph/builder.ts";
import { elementCount, tensor, type Tensor } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";
import type { RandomInput, TrainableNetwork } from "../src/train/network.ts";

type Layer =
  | { readonly kind: "conv"; readonly filters: number }
  | { readonly kind: "dense"; readonly units: number; readonly relu?: boolean }
  | { readonly kind: "dropout"; readonly share: number }
  | { readonly kind: "maxPool" };

const conv = (filters: number): Layer => ({ kind: "conv", filters });
const pool: Layer = { kind: "maxPool" };
const dropout = (share: number): Layer => ({ kind: "dropout", share });
const dense = (units: number, relu = false): Layer => ({ kind: "dense", units, relu });

/** Conv32, Conv64, max-pool, dropout, dense 128, dropout, dense 10 on [1, 28, 28]: 1,199,882 parameters. */
export function mnistNetwork(): TrainableNetwork {
  const layers = [conv(32), conv(64), pool, dropout(0.25), dense(128, true), dropout(0.5)];
  return sequential([1, 28, 28], [...layers, dense(10)]);
}

/** Four convolutions with max-pools, 32-64-128-128, dropout, dense 512, dense 1 on [3, 150, 150]: 3,453,121 parameters. */
export function catsDogsNetwork(): TrainableNetwork {
  const blocks = [32, 64, 128, 128].flatMap((filters) => [conv(filters), pool]);
  return sequential([3, 150, 150], [...blocks, dropout(0.5), dense(512, true), dense(1)]);
}

function sequential(
  inputDims: readonly [number, number, number],
  layers: readonly Layer[],
): TrainableNetwork {
  const { parameters, classes } = startValues(inputDims, layers);
  return {
    inputDims,
    classes,
    activation: classes === 1 ? "sigmoid" : "softmax",
    parameters,
    memory: new Map(),
    decayed: new Set([...parameters.keys()].filter((name) => name.endsWith("/kernel"))),
    build: (b, pictures, values) => {
      const random: RandomInput[] = [];
      let x = pictures;
      for (const [i, layer] of layers.entries()) x = apply(b, x, values, `${i}`, layer, random);
      return { logits: x, memory: new Map(), random };
    },
  };
}

function apply(
  b: GraphBuilder,
  input: Value,
  values: ReadonlyMap<string, Value>,
  name: string,
  layer: Layer,
  random: RandomInput[],
): Value {
  const parameters = () => [values.get(`${name}/kernel`)!, values.get(`${name}/bias`)!];
  if (layer.kind === "conv") {
    return b.op("Relu", [b.op("Conv", [input, ...parameters()], { kernel_shape: [3, 3] })]);
  }
  if (layer.kind === "maxPool") {
    return b.op("MaxPool", [input], { kernel_shape: [2, 2], strides: [2, 2] });
  }
  if (layer.kind === "dense") {
    const rows = b.reshape(input, [input.dims[0]!, elementCount(input.dims.slice(1))]);
    const y = b.op("Gemm", [rows, ...parameters()]);
    return layer.relu ? b.op("Relu", [y]) : y;
  }
  const bytes = b.input(name, input.dims, "uint8");
  random.push({ name, dims: input.dims });
  const stays = b.greater(
    b.cast(bytes, "int32"),
    b.scalar(Math.round(layer.share * 256) - 1, "int32"),
  );
  const factor = b.where(stays, b.scalar(1 / (1 - layer.share)), b.scalar(0));
  return b.mul(input, factor);
}

/** Weights drawn after He (2015), biases 0. */
function startValues(
  inputDims: readonly number[],
  layers: readonly Layer[],
): { parameters: Map<string, Tensor>; classes: number } {
  const parameters = new Map<string, Tensor>();
  let dims = inputDims;
  for (const [i, layer] of layers.entries()) {
    if (layer.kind === "maxPool") dims = dims.map((size, axis) => (axis ? size >> 1 : size));
    if (layer.kind === "conv") {
      const fanIn = dims[0]! * 9;
      parameters.set(`${i}/kernel`, drawn(`${i}`, [layer.filters, dims[0]!, 3, 3], fanIn));
      parameters.set(
        `${i}/bias`,
        tensor("float32", [layer.filters], new Float32Array(layer.filters)),
      );
      dims = [layer.filters, dims[1]! - 2, dims[2]! - 2];
    }
    if (layer.kind === "dense") {
      const fanIn = elementCount(dims);
      parameters.set(`${i}/kernel`, drawn(`${i}`, [fanIn, layer.units], fanIn));
      parameters.set(`${i}/bias`, tensor("float32", [layer.units], new Float32Array(layer.units)));
      dims = [layer.units];
    }
  }
  return { parameters, classes: dims[0]! };
}

function drawn(name: string, dims: readonly number[], fanIn: number): Tensor {
  const stream = randomStream("bench", name);
  const scale = Math.sqrt(2 / fanIn);
  const length = elementCount(dims);
  return tensor(
    "float32",
    dims,
    Float32Array.from({ length }, () => scale * stream.normal()),
  );
}
