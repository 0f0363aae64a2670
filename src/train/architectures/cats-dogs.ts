/** @file The network for cats and dogs of the Keras examples, which the study of 2018 went on with. */
import type { NetworkDescription } from "../described-network.ts";
import type { ArchitectureSize } from "./architecture.ts";

const filters = [32, 64, 128, 128] as const;

/** Four 3x3 convolutions with 2x2 max-pools, dropout, dense 512: 3,453,121 parameters at [3, 150, 150] and one unit. */
export function catsDogsArchitecture({ input, classes }: ArchitectureSize): NetworkDescription {
  const blocks = filters.flatMap((count, i) => [
    { type: "conv2d", name: `conv${i + 1}`, filters: count, kernel: 3, activation: "relu" },
    { type: "maxPool", name: `pool${i + 1}` },
  ]);
  return {
    input,
    layers: [
      ...blocks,
      { type: "flatten", name: "flatten" },
      { type: "dropout", share: 0.5 },
      { type: "dense", name: "dense1", units: 512, activation: "relu" },
      { type: "dense", name: "logits", units: classes },
    ],
  };
}
