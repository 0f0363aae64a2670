/** @file The picture that benchmarks of gradients run on. */
import { tensor, type Tensor } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";

/** Noise in the shape that the network's file says. */
export function noise(dims: readonly number[]): Tensor {
  const stream = randomStream("bench", "picture");
  const length = dims.reduce((product, size) => product * size, 1);
  return tensor(
    "float32",
    dims,
    Float32Array.from({ length }, () => stream.normal()),
  );
}
