/** @file A small network to train in tests: convolution, batch normalisation or not, ReLU, dropout or not, dense. */
import type { GraphBuilder, Value } from "../src/graph/builder.ts";
import { tensor, type Tensor } from "../src/graph/tensor.ts";
import type { RandomInput, TrainableNetwork } from "../src/train/trainable-network.ts";
import { randomStream } from "../src/random.ts";

export interface SmallNetworkOptions {
  readonly batchNorm?: boolean;
  /** Share of the hidden values that is dropped, a multiple of 1/256. */
  readonly dropout?: number;
  /** 3 by default; 1 makes a one-unit network. */
  readonly classes?: number;
  /** [C, H, W]; [2, 6, 6] by default. */
  readonly inputDims?: readonly [number, number, number];
}

/** Channels of the convolution. */
export const smallChannels = 4;
export const smallEpsilon = 1e-5;
/** How much of a running statistic a step keeps. */
export const smallKept = 0.9;

function drawn(name: string, dims: readonly number[], scale: number): Tensor {
  const stream = randomStream("small network", name);
  const length = dims.reduce((product, dim) => product * dim, 1);
  return tensor(
    "float32",
    dims,
    Float32Array.from({ length }, () => scale * stream.normal()),
  );
}

function filled(dims: readonly number[], value: number): Tensor {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return tensor("float32", dims, new Float32Array(length).fill(value));
}

type Sizes = Required<SmallNetworkOptions>;

const defaults: Sizes = { batchNorm: false, dropout: 0, classes: 3, inputDims: [2, 6, 6] };

/** The network; its random input is called `dropout`. */
export function smallNetwork(options: SmallNetworkOptions = {}): TrainableNetwork {
  const sizes = { ...defaults, ...options };
  return {
    inputDims: sizes.inputDims,
    classes: sizes.classes,
    activation: sizes.classes === 1 ? "sigmoid" : "softmax",
    parameters: startValues(sizes),
    memory: new Map(
      sizes.batchNorm
        ? [
            ["norm/mean", filled([smallChannels], 0)],
            ["norm/variance", filled([smallChannels], 1)],
          ]
        : [],
    ),
    decayed: new Set(["conv/kernel", "dense/kernel"]),
    build: (b, pictures, values, mode) => {
      const at = (name: string) => values.get(name)!;
      const biases = sizes.batchNorm ? [] : [at("conv/bias")];
      const conv = b.op("Conv", [pictures, at("conv/kernel"), ...biases]);
      const training = mode === "training";
      const [x, memory] = sizes.batchNorm ? normalized(b, conv, at, training) : [conv, new Map()];
      const flat = b.reshape(b.op("Relu", [x]), [pictures.dims[0]!, hiddenSize(sizes)]);
      const [kept, random] =
        sizes.dropout > 0 && training ? dropped(b, flat, sizes.dropout) : [flat, []];
      const logits = b.op("Gemm", [kept, at("dense/kernel"), at("dense/bias")]);
      return { logits, memory, random };
    },
  };
}

function hiddenSize({ inputDims: [, height, width] }: Sizes): number {
  return smallChannels * (height - 2) * (width - 2);
}

function startValues(sizes: Sizes): Map<string, Tensor> {
  const { batchNorm, classes, inputDims } = sizes;
  const k = smallChannels;
  return new Map([
    ["conv/kernel", drawn("conv", [k, inputDims[0], 3, 3], 0.3)],
    ...(batchNorm
      ? ([
          ["norm/scale", drawn("scale", [k], 1)],
          ["norm/offset", drawn("offset", [k], 0.2)],
        ] as const)
      : ([["conv/bias", drawn("conv bias", [k], 0.1)]] as const)),
    ["dense/kernel", drawn("dense", [hiddenSize(sizes), classes], 0.1)],
    ["dense/bias", drawn("dense bias", [classes], 0.1)],
  ]);
}

/** Batch normalisation, and what it remembers after a step. */
function normalized(
  b: GraphBuilder,
  x: Value,
  at: (name: string) => Value,
  training: boolean,
): readonly [Value, Map<string, Value>] {
  const perChannel = [1, smallChannels, 1, 1];
  const axes = [0, 2, 3];
  const mean = training ? b.reduceMean(x, axes) : b.reshape(at("norm/mean"), perChannel);
  const centred = b.sub(x, mean);
  const variance = training
    ? b.reduceMean(b.mul(centred, centred), axes)
    : b.reshape(at("norm/variance"), perChannel);
  const deviation = b.op("Sqrt", [b.add(variance, b.scalar(smallEpsilon))]);
  const scaled = b.mul(b.div(centred, deviation), b.reshape(at("norm/scale"), perChannel));
  const y = b.add(scaled, b.reshape(at("norm/offset"), perChannel));
  const memory = new Map<string, Value>();
  if (!training) return [y, memory];
  for (const [name, found] of Object.entries({ "norm/mean": mean, "norm/variance": variance })) {
    const flat = b.reshape(found, [smallChannels]);
    memory.set(name, b.add(b.scale(at(name), smallKept), b.scale(flat, 1 - smallKept)));
  }
  return [y, memory];
}

function dropped(
  b: GraphBuilder,
  x: Value,
  share: number,
): readonly [Value, readonly RandomInput[]] {
  const bytes = b.input("dropout", x.dims, "uint8");
  const stays = b.op("GreaterOrEqual", [
    b.cast(bytes, "int32"),
    b.scalar(Math.round(share * 256), "int32"),
  ]);
  const kept = b.where(stays, b.scale(x, 1 / (1 - share)), b.scalar(0));
  return [kept, [{ name: "dropout", dims: x.dims }]];
}
