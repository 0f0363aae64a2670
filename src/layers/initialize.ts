/** @file Start values of kernels, drawn from the seed and the parameter's name. */
import { LimpidError } from "../errors.ts";
import { elementCount, formatShape, tensor, type Tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";

/** How a kernel begins. */
export const initializations = ["glorot-uniform", "he-normal"] as const;
export type Initialization = (typeof initializations)[number];

/** Numbers that meet in one output, and outputs that one number reaches. */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/**
 * A kernel, float32. `glorot-uniform`: uniform within sqrt(6 / (in + out)) (Glorot and Bengio 2010, equation
 * 16). `he-normal`: normal with variance 2 / in (He et al. 2015, equation 10). The same seed and name give the
 * same numbers.
 */
export function drawKernel(
  how: Initialization,
  dims: readonly number[],
  fans: Fans,
  seed: number,
  name: string,
): Tensor {
  const random = randomStream(seed, "initialize", name);
  const data = numbersFor(dims);
  const limit = Math.sqrt(6 / (fans.in + fans.out));
  const deviation = Math.sqrt(2 / fans.in);
  for (let i = 0; i < data.length; i++) {
    data[i] = how === "he-normal" ? deviation * random.normal() : random.between(-limit, limit);
  }
  return tensor("float32", dims, data);
}

/** Numbers of all parameters of a network, 1 GiB of them: twice those of VGG16. */
export const mostParameters = 2 ** 28;

function numbersFor(dims: readonly number[]): Float32Array<ArrayBuffer> {
  const count = elementCount(dims);
  if (count <= mostParameters) return new Float32Array(count);
  throw new LimpidError(
    "bad-option",
    `network: a layer must have at most ${mostParameters} parameters, got ${count} as ${formatShape(dims)}. make it smaller.`,
  );
}

/** One number everywhere. */
export function filledWith(value: number, dims: readonly number[]): Tensor {
  return tensor("float32", dims, numbersFor(dims).fill(value));
}
