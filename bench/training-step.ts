/** @file One of the two training steps of the benchmark, compiled, on one random batch. */
import { tensor, type Tensor } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import type { FullBatch } from "../src/train/full-batch.ts";
import { architectureNetwork } from "../src/train/architectures/index.ts";
import { lossOf } from "../src/train/losses.ts";
import { adam } from "../src/optimize/adam.ts";
import { rmsprop } from "../src/optimize/rmsprop.ts";
import { buildTrainingStep, startState, stepFeeds, type StepDesign } from "../src/train/step.ts";

/** Names of the networks that are trained. */
export const trainedNetworks = ["mnist", "cats-dogs"] as const;
export type TrainedNetwork = (typeof trainedNetworks)[number];

/** The network with the batch size, the optimiser and the learning rate of the benchmark. */
export function designOf(name: TrainedNetwork): StepDesign & { readonly rate: number } {
  const isMnist = name === "mnist";
  const network = isMnist
    ? architectureNetwork("mnist", { input: [1, 28, 28], classes: 10 })
    : architectureNetwork("cats-dogs", { input: [3, 150, 150], classes: 2 });
  return {
    network,
    batchSize: isMnist ? 128 : 32,
    loss: lossOf(network),
    optimizer: isMnist ? adam() : rmsprop(),
    rate: isMnist ? 1e-3 : 1e-4,
  };
}

/** A function that does one step, as the training loop does it: feeds, run, next state. */
export async function openStep(
  runtime: Runtime,
  name: TrainedNetwork,
): Promise<{ step: () => Promise<void>; release: () => Promise<void> }> {
  const design = designOf(name);
  const built = buildTrainingStep(design);
  const session = await runtime.open(built.graph);
  const batch = randomBatch(design);
  let state: Record<string, Tensor> = startState(design);
  let count = 0;
  return {
    step: async () => {
      const moment = { seed: 0, step: ++count, rate: design.rate };
      const results = await session.run(stepFeeds(design, built, state, batch, moment));
      const next = [...built.state].map(([input, output]) => [input, results[output]!] as const);
      state = Object.fromEntries(next);
    },
    release: () => session.release(),
  };
}

export function randomBatch({ network, batchSize }: StepDesign): FullBatch {
  const stream = randomStream("bench", "batch");
  const dims = [batchSize, ...network.inputDims];
  const length = dims.reduce((product, size) => product * size, 1);
  const pixels = Float32Array.from({ length }, () => stream.uniform());
  const classes = Math.max(2, network.classes);
  return {
    pictures: tensor("float32", dims, pixels),
    labels: Int32Array.from({ length: batchSize }, () => stream.below(classes)),
    shares: new Float32Array(batchSize).fill(1),
    examples: batchSize,
  };
}
