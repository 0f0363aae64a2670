/** @file TF.js on WASM as a competitor, with the same layers and random weights. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as TensorFlow from "@tensorflow/tfjs";
import { timed, type Competitor } from "./measure.ts";

type Tensor4D = TensorFlow.Tensor4D;
type Network = (picture: Tensor4D) => TensorFlow.Tensor;

/** The competitor for `vgg16-convolutions` and `mobilenet_v2`; undefined for other networks. */
export async function startTensorFlowJs(
  name: string,
): Promise<((work: "forward" | "gradient") => Competitor | undefined) | undefined> {
  if (name !== "vgg16-convolutions" && name !== "mobilenet_v2") return undefined;
  const tf = await import("@tensorflow/tfjs");
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  const location = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(`${dirname(location)}/`);
  await tf.setBackend("wasm");
  const network = name === "mobilenet_v2" ? mobileNetV2(tf) : vgg16(tf);
  const picture = tf.randomUniform<TensorFlow.Rank.R4>([1, 224, 224, 3]);
  const objective = (input: Tensor4D) => {
    const output = network(input);
    const front = output.shape.slice(0, -1);
    const begin = [...front.map(() => 0), 20];
    return tf.mean(tf.slice(output, begin, [...front, 1])) as TensorFlow.Scalar;
  };
  const gradient = tf.grad(objective);
  return (work) => {
    if (work === "gradient" && name === "mobilenet_v2") {
      console.log(
        `${name} gradient: TF.js has no WASM kernel for depthwise convolutions' gradient`,
      );
      return undefined;
    }
    return timed(
      "TF.js",
      async () => {
        const result = work === "forward" ? tf.tidy(() => network(picture)) : gradient(picture);
        await result.data();
        result.dispose();
      },
      1,
    );
  };
}

function vgg16(tf: typeof TensorFlow): Network {
  const plan = [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ];
  let channels = 3;
  const blocks = plan.map((widths) =>
    widths.map((width) => {
      const filter = tf.randomNormal<TensorFlow.Rank.R4>([3, 3, channels, width], 0, 0.05);
      channels = width;
      return filter;
    }),
  );
  return (picture) =>
    blocks.reduce((x, filters) => {
      const y = filters.reduce((value, filter) => tf.relu(tf.conv2d(value, filter, 1, "same")), x);
      return tf.maxPool(y, 2, 2, "valid");
    }, picture);
}

/** Batch normalisation is left out: folded into the convolutions, as an engine that only looks would do. */
function mobileNetV2(tf: typeof TensorFlow): Network {
  const plan = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const;
  const weights = (...shape: [number, number, number, number]) =>
    tf.randomNormal<TensorFlow.Rank.R4>(shape, 0, Math.sqrt(2 / (shape[0] * shape[1] * shape[2])));
  const stem = weights(3, 3, 3, 32);
  let channels = 32;
  const blocks = plan.flatMap(([expansion, width, repeats, firstStride]) =>
    Array.from({ length: repeats }, (_, i) => {
      const hidden = channels * expansion;
      const block = {
        expand: expansion === 1 ? undefined : weights(1, 1, channels, hidden),
        depthwise: weights(3, 3, hidden, 1),
        project: weights(1, 1, hidden, width),
        stride: i === 0 ? firstStride : 1,
        residual: i > 0,
      };
      channels = width;
      return block;
    }),
  );
  const last = weights(1, 1, 320, 1280);
  const head = tf.randomNormal<TensorFlow.Rank.R2>([1280, 1000], 0, 0.03);
  return (picture) => {
    let x = tf.relu6(tf.conv2d(picture, stem, 2, "same"));
    for (const block of blocks) {
      const wide = block.expand ? tf.relu6(tf.conv2d(x, block.expand, 1, "same")) : x;
      const spread = tf.relu6(tf.depthwiseConv2d(wide, block.depthwise, block.stride, "same"));
      const narrow = tf.conv2d(spread, block.project, 1, "same");
      x = block.residual ? tf.add(x, narrow) : narrow;
    }
    const features = tf.relu6(tf.conv2d(x, last, 1, "same"));
    return tf.matMul(tf.mean<TensorFlow.Tensor2D>(features, [1, 2]), head);
  };
}
