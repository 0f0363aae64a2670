/** @file The Keras recipe in TF.js on WASM, as a competitor. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as TensorFlow from "@tensorflow/tfjs";
import { timed, type Competitor } from "./measure.ts";

/** VGG16 up to block3_conv3, as `pytorch_maximize.py` has it. */
const plan = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
] as const;

/** Normalised ascent on the means of the first filters, all pictures together. */
export async function startTensorFlowJsMaximize(
  pictures: number,
  sidePx: number,
): Promise<Competitor> {
  const tf = await import("@tensorflow/tfjs");
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  const location = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(`${dirname(location)}/`);
  await tf.setBackend("wasm");
  const network = networkOf(tf);
  const chosen = tf.oneHot(tf.range(0, pictures, 1, "int32"), 256).reshape([pictures, 1, 1, 256]);
  const score = (input: TensorFlow.Tensor) =>
    tf.sum(tf.mean(tf.mul(network(input as TensorFlow.Tensor4D), chosen), [1, 2]));
  const gradient = tf.grad(score);
  let state: TensorFlow.Tensor = tf.randomUniform([pictures, sidePx, sidePx, 3], 0.45, 0.55);
  return timed(
    "TF.js",
    async () => {
      const next = tf.tidy(() => {
        const slope = gradient(state);
        const size = tf.sqrt(tf.mean(tf.square(slope), [1, 2, 3], true));
        return tf.add(state, tf.mul(tf.div(slope, tf.add(size, 1e-5)), 1 / 255));
      });
      await next.data();
      state.dispose();
      state = next;
    },
    1,
  );
}

function networkOf(tf: typeof TensorFlow): (picture: TensorFlow.Tensor4D) => TensorFlow.Tensor {
  let channels = 3;
  const blocks = plan.map((widths) =>
    widths.map((width) => {
      const filter = tf.randomNormal<TensorFlow.Rank.R4>([3, 3, channels, width], 0, 0.05);
      channels = width;
      return filter;
    }),
  );
  return (picture) =>
    blocks.reduce((x, filters, i) => {
      const input = i === 0 ? x : tf.maxPool(x, 2, 2, "valid");
      return filters.reduce((value, filter) => tf.relu(tf.conv2d(value, filter, 1, "same")), input);
    }, picture);
}
