/** @file A small random network, and the same in plain float64. */
import { GraphBuilder } from "../src/graph/builder.ts";
import { tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { randomStream } from "../src/random.ts";
import { createReferenceRuntime } from "./reference/reference-runtime.ts";

export const [channels, height, width] = [2, 5, 6] as const;
export const places = height * width;
/** Sides of the layers `conv` and `features`. */
export const [features, rows, columns] = [3, height - 2, width - 2] as const;
const classes = 4;

export interface ThreeLayers {
  readonly model: Model;
  /** Two pictures [2, C, H, W]. */
  readonly input: Tensor;
  /** Picture `n` as plain numbers, [C, H, W]. */
  picture(n: number): number[];
  /** What `conv` holds of one picture [C, H, W], [features, rows, columns]. */
  conv(picture: readonly number[]): number[];
  /** The weights by which a class's logit is summed over the layer `features`, as long as that. */
  dense(target: number): number[];
  /** What numbers at `conv` send back to the picture, [C, H, W]: the transposed convolution. */
  sentBack(numbers: readonly number[]): number[];
  /** Logits of one picture [C, H, W], computed in float64 without the library. */
  logits(picture: readonly number[]): number[];
  /** Their softmax. */
  probabilities(picture: readonly number[]): number[];
}

/** Conv 2 to 3, 3x3; ReLU; dense to 4, as a model and as loops. */
export function threeLayers(seed: number): ThreeLayers {
  const random = randomStream("three-layers", seed);
  // Numbers that float32 holds exactly.
  const normals = (count: number) =>
    Array.from({ length: count }, () => Math.fround(random.normal()));
  const weights = normals(features * channels * 9);
  const biases = normals(features);
  const dense = normals(features * rows * columns * classes).map((weight) => weight / 4);
  const b = new GraphBuilder();
  const x = b.input("x", [1, channels, height, width], "float32", ["N", channels, height, width]);
  const filters = b.constant(weights, [features, channels, 3, 3]);
  const conv = b.op("Conv", [x, filters, b.constant(biases, [features])], {}, "conv");
  const flat = b.op("Flatten", [b.op("Relu", [conv], {}, "features")]);
  const last = b.constant(dense, [features * rows * columns, classes]);
  b.output(b.op("Softmax", [b.op("MatMul", [flat, last], {}, "logits")], { axis: -1 }, "y"));
  const pictures = normals(2 * channels * places);
  /** Calls `visit` for each weight of each place of `conv` with the pixel that it reads. */
  const eachWeight = (visit: (at: number, pixel: number, weight: number) => void) => {
    for (let at = 0; at < features * rows * columns; at++) {
      const k = Math.floor(at / (rows * columns));
      const [top, left] = [Math.floor(at / columns) % rows, at % columns];
      for (let i = 0; i < channels * 9; i++) {
        const c = Math.floor(i / 9);
        const pixel = (top + (Math.floor(i / 3) % 3)) * width + left + (i % 3);
        visit(at, c * places + pixel, weights[k * channels * 9 + i]!);
      }
    }
  };
  const convolved = (picture: readonly number[]) => {
    const sums = biases.flatMap((bias) => Array<number>(rows * columns).fill(bias));
    eachWeight((at, pixel, weight) => (sums[at]! += weight * picture[pixel]!));
    return sums;
  };
  const column = (target: number) => dense.filter((_, i) => i % classes === target);
  const logits = (picture: readonly number[]) => {
    const held = convolved(picture).map((value) => Math.max(value, 0));
    return Array.from({ length: classes }, (_, target) =>
      column(target).reduce((sum, weight, at) => sum + weight * held[at]!, 0),
    );
  };
  return {
    model: new Model({ ...b.build(), shapes: new Map() }, createReferenceRuntime()),
    input: tensorOf("float32", [2, channels, height, width], pictures),
    picture: (n) => pictures.slice(n * channels * places, (n + 1) * channels * places),
    conv: convolved,
    dense: column,
    sentBack: (numbers) => {
      const sums = Array<number>(channels * places).fill(0);
      eachWeight((at, pixel, weight) => (sums[pixel]! += weight * numbers[at]!));
      return sums;
    },
    logits,
    probabilities: (picture) => {
      const powers = logits(picture).map((logit) => Math.exp(logit));
      const total = powers.reduce((sum, power) => sum + power);
      return powers.map((power) => power / total);
    },
  };
}
