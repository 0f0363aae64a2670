/** @file A small network to train in tests: convolution, batch normalisation or not, ReLU, dropout or not, dense. */
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

/** The network; its random input is called `dropout`. */
export function smallNetwork(options: SmallNetworkOptions = {}): TrainableNetwork {
  const { batchNorm = false, dropout = 0, classes = 3, inputDims = [2, 6, 6] } = options;
  const [channels, height, width] = inputDims;
  const k = smallChannels;
  const hidden = k * (height - 2) * (width - 2);
  const parameters = new Map([
    ["conv/kernel", drawn("conv", [k, channels, 3, 3], 0.3)],
    ...(batchNorm
      ? ([
          ["norm/scale", drawn("scale", [k], 1)],
          ["norm/offset", drawn("offset", [k], 0.2)],
        ] as const)
      : ([["conv/bias", drawn("conv bias", [k], 0.1)]] as const)),
    ["dense/kernel", drawn("dense", [hidden, classes], 0.1)],
    ["dense/bias", drawn("dense bias", [classes], 0.1)],
  ]);
  const memory = new Map(
    batchNorm
      ? [
          ["norm/mean", filled([k], 0)],
          ["norm/variance", filled([k], 1)],
        ]
      : [],
  );
  return {
    inputDims,
    classes,
    activation: classes === 1 ? "sigmoid" : "softmax",
    parameters,
    memory,
    decayed: new Set(["conv/kernel", "dense/kernel"]),
    build: (b, pictures, values, mode) => {
      const at = (name: string) => values.get(name)!;
      const training = mode === "training";
      const perChannel = [1, k, 1, 1];
      const nextMemory = new Map<string, ReturnType<typeof at>>();
      const random: RandomInput[] = [];
      let x = b.op("Conv", [pictures, at("conv/kernel"), ...(batchNorm ? [] : [at("conv/bias")])]);
      if (batchNorm) {
        const axes = [0, 2, 3];
        const mean = training ? b.reduceMean(x, axes) : b.reshape(at("norm/mean"), perChannel);
        const centred = b.sub(x, mean);
        const variance = training
          ? b.reduceMean(b.mul(centred, centred), axes)
          : b.reshape(at("norm/variance"), perChannel);
        const deviation = b.op("Sqrt", [b.add(variance, b.scalar(smallEpsilon))]);
        const scaled = b.mul(b.div(centred, deviation), b.reshape(at("norm/scale"), perChannel));
        x = b.add(scaled, b.reshape(at("norm/offset"), perChannel));
        if (training) {
          const moved = (name: string, found: typeof mean) =>
            nextMemory.set(
              name,
              b.add(b.scale(at(name), smallKept), b.scale(b.reshape(found, [k]), 1 - smallKept)),
            );
          moved("norm/mean", mean);
          moved("norm/variance", variance);
        }
      }
      x = b.op("Relu", [x]);
      x = b.reshape(x, [pictures.dims[0]!, hidden]);
      if (dropout > 0 && training) {
        const bytes = b.input("dropout", x.dims, "uint8");
        random.push({ name: "dropout", dims: x.dims });
        const stays = b.op("GreaterOrEqual", [
          b.cast(bytes, "int32"),
          b.scalar(Math.round(dropout * 256), "int32"),
        ]);
        x = b.where(stays, b.scale(x, 1 / (1 - dropout)), b.scalar(0));
      }
      const logits = b.op("Gemm", [x, at("dense/kernel"), at("dense/bias")]);
      return { logits, memory: nextMemory, random };
    },
  };
}
