/** @file Runs in the browser: how far convolutions on WebGPU are from those on WASM. */
import { GraphBuilder, tensorOf, type Runtime, type Tensor } from "../../../src/index.ts";
import { randomStream } from "../../../src/random.ts";
import { createWebRuntime } from "../../../src/web.ts";

/** A convolution of drawn numbers. */
export interface DrawnConvolution {
  readonly operator: "Conv" | "ConvTranspose";
  /** [N, C, ...]. */
  readonly input: readonly number[];
  /** Of Conv [outputs, C / group, ...], of ConvTranspose [C, outputs / group, ...]. */
  readonly weights: readonly number[];
  readonly attributes?: Readonly<Record<string, number | string | readonly number[]>>;
  /** Weights that are computed as the graph runs, and shapes that nobody tells. */
  readonly isUntold?: boolean;
}

let runtimes: Promise<readonly [Runtime, Runtime]> | undefined;

/** L2 norm of the difference over L2 norm of what WASM gives. */
export async function distanceOf(given: DrawnConvolution): Promise<number> {
  runtimes ??= Promise.all([
    createWebRuntime({ provider: "wasm" }),
    createWebRuntime({ provider: "webgpu" }),
  ]);
  const b = new GraphBuilder();
  const x = b.input("x", given.input);
  const weights = b.initializer("w", drawn(given.weights));
  const used = given.isUntold
    ? b.mul(weights, b.reduceMean(b.mul(x, x), [0, 1, 2, 3], false))
    : weights;
  b.output(b.op(given.operator, [x, used], given.attributes ?? {}, "y"));
  const built = b.build();
  const graph = given.isUntold ? { ...built, shapes: new Map() } : built;
  const feeds = { x: drawn(given.input) };
  const [right, found] = await Promise.all(
    (await runtimes).map(async (runtime) => (await runtime.run(graph, feeds))["y"]!),
  );
  const numbers = right!.data as Float32Array;
  return norm(numbers.map((value, i) => value - Number(found!.data[i]))) / norm(numbers);
}

function drawn(dims: readonly number[]): Tensor {
  const random = randomStream("convolutions", ...dims);
  const count = dims.reduce((product, dim) => product * dim, 1);
  return tensorOf(
    "float32",
    dims,
    Array.from({ length: count }, () => random.normal()),
  );
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
