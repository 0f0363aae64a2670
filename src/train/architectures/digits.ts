/** @file The network for handwritten digits of the Keras examples, which the study of 2018 began with. */
import type { NetworkDescription } from "../described-network.ts";
import type { ArchitectureSize } from "./architecture.ts";

/** Conv32, Conv64, max-pool, dropout, dense 128, dropout, dense: 1,199,882 parameters at [1, 28, 28] and ten classes. */
export function mnistArchitecture({ input, classes }: ArchitectureSize): NetworkDescription {
  return {
    input,
    layers: [
      { type: "conv2d", name: "conv1", filters: 32, kernel: 3, activation: "relu" },
      { type: "conv2d", name: "conv2", filters: 64, kernel: 3, activation: "relu" },
      { type: "maxPool", name: "pool" },
      { type: "dropout", share: 0.25 },
      { type: "flatten", name: "flatten" },
      { type: "dense", name: "dense1", units: 128, activation: "relu" },
      { type: "dropout", share: 0.5 },
      { type: "dense", name: "logits", units: classes },
    ],
  };
}
