/** @file VGG16 and a slim version of it. */
import type { NetworkDescription } from "../described-network.ts";
import type { LayerDescription } from "../../layers/layer.ts";
import type { ArchitectureSize } from "./architecture.ts";

/** Convolutions and filters of each block: configuration D of Simonyan and Zisserman 2015, table 1. */
const blocks = [
  [2, 64],
  [2, 128],
  [3, 256],
  [3, 512],
  [3, 512],
] as const;

/** Names as in Keras: block1_conv1 to block5_pool, fc1, fc2, predictions. */
export function vgg16Architecture(size: ArchitectureSize): NetworkDescription {
  return {
    input: size.input,
    layers: [
      ...blocks.flatMap(([count, filters], i) => block(i + 1, count, filters, false)),
      { type: "flatten", name: "flatten" },
      { type: "dense", name: "fc1", units: 4096, activation: "relu" },
      { type: "dropout", share: 0.5 },
      { type: "dense", name: "fc2", units: 4096, activation: "relu" },
      { type: "dropout", share: 0.5 },
      { type: "dense", name: "predictions", units: size.classes },
    ],
  };
}

/**
 * An eighth of the filters, batch normalisation before each ReLU, and the mean over all places instead of the
 * dense layers; for pictures of 32 pixels and more.
 */
export function slimVgg16Architecture(size: ArchitectureSize): NetworkDescription {
  return {
    input: size.input,
    layers: [
      ...blocks.flatMap(([count, filters], i) => block(i + 1, count, filters / 8, true)),
      { type: "globalAvgPool", name: "avg_pool" },
      { type: "dense", name: "predictions", units: size.classes },
    ],
  };
}

function block(
  number: number,
  count: number,
  filters: number,
  normalizes: boolean,
): readonly LayerDescription[] {
  const convolutions = Array.from({ length: count }, (_, i) => {
    const name = `block${number}_conv${i + 1}`;
    const conv = { type: "conv2d", filters, kernel: 3, padding: "same" };
    return normalizes
      ? [
          { ...conv, name: `${name}_conv`, bias: false, initialization: "he-normal" },
          { type: "batchNorm", name, activation: "relu" },
        ]
      : [{ ...conv, name, activation: "relu" }];
  });
  return [...convolutions.flat(), { type: "maxPool", name: `block${number}_pool` }];
}
