/** @file A network that is given as a plan in TF.js on WASM, and an ascent on one of its channels. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as TensorFlow from "@tensorflow/tfjs";
import { randomStream } from "../src/random.ts";
import type { NetworkPlan, PlanStep } from "./network-plan.ts";

type Values = ReadonlyMap<string, TensorFlow.Tensor4D>;

/** Pictures are moved by at most so many pixels, newly at every step. */
const mostShiftPx = 5;

/** What a step adds, as root mean square of a picture in 0..1. */
const rate = 4 / 255;

/** One picture that climbs. */
export interface TensorFlowAscent {
  /** One step; returns its milliseconds. */
  step(): Promise<number>;
  /** [3, sidePx, sidePx] in 0..1, RGB. */
  picture(): Promise<Float32Array>;
}

/**
 * The plain recipe of the Keras blog with larger steps and shifts, which cost next to nothing: pixels, and a gradient divided
 * by its root mean square. `means` are taken off blue, green and red of 0..255.
 */
export async function startTensorFlowJsAscent(
  plan: NetworkPlan,
  weights: Float32Array,
  channel: number,
  { sidePx, means }: { readonly sidePx: number; readonly means: readonly number[] },
): Promise<TensorFlowAscent> {
  const tf = await import("@tensorflow/tfjs");
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  const location = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(`${dirname(location)}/`);
  await tf.setBackend("wasm");
  const network = networkOf(tf, plan, weights);
  const random = randomStream("tensorflow-js-ascent");
  const drawn = () => Math.floor(random.between(0, 2 * mostShiftPx + 1));
  const gradientAt = (y: number, x: number) =>
    tf.grad((input: TensorFlow.Tensor) => {
      const margins: [number, number] = [mostShiftPx, mostShiftPx];
      const wide = tf.pad(input, [[0, 0], margins, margins, [0, 0]], 0.5);
      const moved = tf.slice(wide, [0, y, x, 0], [1, sidePx, sidePx, 3]);
      const seen = tf.sub(tf.mul(tf.reverse(moved, 3), 255), tf.tensor1d([...means]));
      const values = network(seen as TensorFlow.Tensor4D);
      const chosen = tf.oneHot(tf.tensor1d([channel], "int32"), values.shape[3]);
      return tf.mean(tf.sum(tf.mul(values, tf.reshape(chosen, [1, 1, 1, -1])), 3));
    });
  let state: TensorFlow.Tensor = tf.randomUniform([1, sidePx, sidePx, 3], 0.45, 0.55);
  const step = async () => {
    const start = performance.now();
    const next = tf.tidy(() => {
      const slope = gradientAt(drawn(), drawn())(state);
      const size = tf.sqrt(tf.mean(tf.square(slope)));
      const moved = tf.add(state, tf.mul(tf.div(slope, tf.add(size, 1e-8)), rate));
      return tf.clipByValue(moved, 0, 1);
    });
    await next.data();
    state.dispose();
    state = next;
    return performance.now() - start;
  };
  const picture = async () => {
    const turned = tf.transpose(state, [0, 3, 1, 2]);
    return Float32Array.from(await turned.data());
  };
  return { step, picture };
}

function networkOf(
  tf: typeof TensorFlow,
  { input, steps, weights: places }: NetworkPlan,
  numbers: Float32Array,
): (picture: TensorFlow.Tensor4D) => TensorFlow.Tensor4D {
  const constants = new Map(
    Object.entries(places).map(([name, { dims, at }]) => {
      const size = dims.reduce((product, dim) => product * dim, 1);
      const own = tf.tensor(numbers.subarray(at, at + size), [...dims]);
      return [name, dims.length === 4 ? tf.transpose(own, [2, 3, 1, 0]) : own];
    }),
  );
  return (picture) => {
    const values = new Map([[input, picture]]);
    for (const step of steps) values.set(step.output, valueOf(tf, step, values, constants));
    return values.get(steps.at(-1)!.output)!;
  };
}

function valueOf(
  tf: typeof TensorFlow,
  step: PlanStep,
  values: Values,
  constants: ReadonlyMap<string, TensorFlow.Tensor>,
): TensorFlow.Tensor4D {
  const inputs = step.inputs.map((name) => values.get(name)!);
  const [x] = inputs as [TensorFlow.Tensor4D];
  switch (step.kind) {
    case "Relu":
      return tf.relu(x);
    case "Concat":
      return tf.concat(inputs, 3);
    case "Conv": {
      const filter = constants.get(step.weights) as TensorFlow.Tensor4D;
      const strides = step.strides as [number, number];
      return tf.add(
        tf.conv2d(padded(tf, x, step.pads, 0), filter, strides, "valid"),
        constants.get(step.bias)!,
      );
    }
    case "MaxPool": {
      const [sides, strides] = [step.sides, step.strides] as [[number, number], [number, number]];
      return tf.maxPool(padded(tf, x, step.pads, -1e30), sides, strides, "valid");
    }
    case "LRN":
      return normalized(tf, x, step);
  }
}

function padded(
  tf: typeof TensorFlow,
  x: TensorFlow.Tensor4D,
  pads: readonly number[],
  fill: number,
): TensorFlow.Tensor4D {
  const [top, left, bottom, right] = pads as [number, number, number, number];
  return tf.pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    fill,
  );
}

/** TF.js on WASM has no such node: sums over channels as a convolution with a band of ones. */
function normalized(
  tf: typeof TensorFlow,
  x: TensorFlow.Tensor4D,
  { size, alpha, beta, bias }: Extract<PlanStep, { kind: "LRN" }>,
): TensorFlow.Tensor4D {
  const channels = x.shape[3];
  const reach = (size - 1) / 2;
  const band = Float32Array.from({ length: channels ** 2 }, (_, i) =>
    Math.abs(Math.floor(i / channels) - (i % channels)) <= reach ? alpha / size : 0,
  );
  const sums = tf.conv2d(
    tf.square(x) as TensorFlow.Tensor4D,
    tf.tensor4d(band, [1, 1, channels, channels]),
    1,
    "valid",
  );
  return tf.div(x, tf.pow(tf.add(sums, bias), beta));
}
