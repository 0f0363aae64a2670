/** @file A small random network, and the same in plain float64. */
import { GraphBuilder } from "../src/graph/builder.ts";
import { tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { Model } from "../src/model/model.ts";
import { randomStream } from "../src/random.ts";
import { createReferenceRuntime } from "./reference/reference-runtime.ts";

export const [channels, height, width] = [2, 5, 6] as const;
export const places = height * width;
const [features, classes] = [3, 4];
const [rows, columns] = [height - 2, width - 2];

export interface ThreeLayers {
  readonly model: Model;
  /** Two pictures [2, C, H, W]. */
  readonly input: Tensor;
  /** Picture `n` as plain numbers, [C, H, W]. */
  picture(n: number): number[];
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
  const logits = (picture: readonly number[]) => {
    const sums = Array<number>(classes).fill(0);
    for (let at = 0; at < features * rows * columns; at++) {
      const k = Math.floor(at / (rows * columns));
      const [top, left] = [Math.floor(at / columns) % rows, at % columns];
      let sum = biases[k]!;
      for (let i = 0; i < channels * 9; i++) {
        const c = Math.floor(i / 9);
        const pixel = (top + (Math.floor(i / 3) % 3)) * width + left + (i % 3);
        sum += weights[k * channels * 9 + i]! * picture[c * places + pixel]!;
      }
      if (sum > 0) for (let y = 0; y < classes; y++) sums[y]! += sum * dense[at * classes + y]!;
    }
    return sums;
  };
  return {
    model: new Model({ ...b.build(), shapes: new Map() }, createReferenceRuntime()),
    input: tensorOf("float32", [2, channels, height, width], pictures),
    picture: (n) => pictures.slice(n * channels * places, (n + 1) * channels * places),
    logits,
    probabilities: (picture) => {
      const powers = logits(picture).map((logit) => Math.exp(logit));
      const total = powers.reduce((sum, power) => sum + power);
      return powers.map((power) => power / total);
    },
  };
}
