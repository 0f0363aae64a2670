/** @file A small network for drawn cats and dogs. */
import type { NetworkDescription } from "../described-network.ts";
import type { ArchitectureSize } from "./architecture.ts";

const filters = [16, 32, 64, 96] as const;

/** Four 3x3 convolutions with batch normalisation and 2x2 max-pools, and the mean over all places. */
export function petsArchitecture({ input, classes }: ArchitectureSize): NetworkDescription {
  const blocks = filters.flatMap((count, i) => [
    {
      type: "conv2d",
      name: `conv${i + 1}/kernels`,
      filters: count,
      kernel: 3,
      padding: "same",
      bias: false,
      initialization: "he-normal",
    },
    { type: "batchNorm", name: `conv${i + 1}`, activation: "relu" },
    { type: "maxPool", name: `pool${i + 1}` },
  ]);
  return {
    input,
    layers: [
      ...blocks,
      { type: "globalAvgPool", name: "mean" },
      { type: "dense", name: "logits", units: classes },
    ],
  };
}
