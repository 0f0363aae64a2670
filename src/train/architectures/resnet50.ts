/** @file ResNet50 and a slim version of it. */
import type { NetworkDescription } from "../described-network.ts";
import type { LayerDescription } from "../../layers/layer.ts";
import type { ArchitectureSize } from "./architecture.ts";

/** Blocks and filters of each stage: He et al. 2016, table 1. */
const stages = [
  [3, 64],
  [4, 128],
  [6, 256],
  [3, 512],
] as const;

/** A bottleneck's last convolution has so many times the filters of its others. */
const expansion = 4;

/** Names as in Keras: conv1_relu, conv2_block1_out to conv5_block3_out, avg_pool, predictions. */
export function resnet50Architecture(size: ArchitectureSize): NetworkDescription {
  return residualNetwork(
    size,
    64,
    stages.map(([blocks, filters]) => [blocks, filters]),
  );
}

/** A quarter of the filters and two blocks a stage; for pictures of 32 pixels and more. */
export function slimResnet50Architecture(size: ArchitectureSize): NetworkDescription {
  return residualNetwork(
    size,
    16,
    stages.map(([, filters]) => [2, filters / 4]),
  );
}

function residualNetwork(
  { input, classes }: ArchitectureSize,
  stem: number,
  plan: readonly (readonly [blocks: number, filters: number])[],
): NetworkDescription {
  return {
    input,
    layers: [
      ...normalized("conv1", stem, 7, { stride: 2, padding: 3 }, "conv1_relu"),
      { type: "maxPool", name: "pool1_pool", size: 3, stride: 2, padding: 1 },
      ...plan.flatMap(([blocks, filters], i) =>
        Array.from({ length: blocks }, (_, k) =>
          bottleneck(`conv${i + 2}_block${k + 1}`, filters, k === 0, k === 0 && i > 0 ? 2 : 1),
        ),
      ),
      { type: "globalAvgPool", name: "avg_pool" },
      { type: "dense", name: "predictions", units: classes },
    ],
  };
}

/** Keras' first version: the stride lies in the first 1x1 convolution. */
function bottleneck(
  name: string,
  filters: number,
  projects: boolean,
  stride: number,
): LayerDescription {
  const wide = filters * expansion;
  return {
    type: "residual",
    name: `${name}_out`,
    activation: "relu",
    layers: [
      ...normalized(`${name}_1`, filters, 1, { stride }, `${name}_1_relu`),
      ...normalized(`${name}_2`, filters, 3, { padding: "same" }, `${name}_2_relu`),
      ...normalized(`${name}_3`, wide, 1, {}),
    ],
    ...(projects ? { shortcut: normalized(`${name}_0`, wide, 1, { stride }) } : {}),
  };
}

/** A convolution and batch normalisation, with ReLU if that has a name. */
function normalized(
  name: string,
  filters: number,
  kernel: number,
  window: { readonly stride?: number; readonly padding?: number | "same" },
  relu?: string,
): readonly LayerDescription[] {
  const conv = { type: "conv2d", name: `${name}_conv`, filters, kernel, ...window };
  const layers = [
    { ...conv, initialization: "he-normal" },
    { type: "batchNorm", name: `${name}_bn`, epsilon: 1.001e-5, momentum: 0.99 },
  ];
  return relu === undefined ? layers : [...layers, { type: "relu", name: relu }];
}
