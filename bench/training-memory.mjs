/**
 * @file Runs three training steps of one network with the built package, as users have it, and prints the peak
 * resident memory in MiB. A loader for TypeScript would add its own 40 MiB.
 */
import { createNodeRuntime } from "../dist/runtime/onnxruntime-node.js";
import { tensor } from "../dist/graph/tensor.js";
import { architectureNetwork } from "../dist/train/architectures/index.js";
import { lossOf } from "../dist/train/losses.js";
import { adam } from "../dist/optimize/adam.js";
import { rmsprop } from "../dist/optimize/rmsprop.js";
import { buildTrainingStep, startState, stepFeeds } from "../dist/train/step.js";

const isMnist = process.argv[2] === "mnist";
const network = isMnist
  ? architectureNetwork("mnist", { input: [1, 28, 28], classes: 10 })
  : architectureNetwork("cats-dogs", { input: [3, 150, 150], classes: 2 });
const batchSize = isMnist ? 128 : 32;
const optimizer = isMnist ? adam() : rmsprop();
const design = { network, batchSize, loss: lossOf(network), optimizer };
const built = buildTrainingStep(design);
const session = await createNodeRuntime({ threads: 2 }).open(built.graph);
const dims = [batchSize, ...network.inputDims];
const pixels = new Float32Array(dims.reduce((product, size) => product * size, 1)).fill(0.5);
const batch = {
  pictures: tensor("float32", dims, pixels),
  labelDims: [],
  labels: Int32Array.from({ length: batchSize }, (_, i) => i % 2),
  shares: new Float32Array(batchSize).fill(1),
  examples: batchSize,
};
let state = startState(design);
for (let step = 1; step <= 3; step++) {
  const moment = { seed: 0, step, rate: 1e-4 };
  const results = await session.run(stepFeeds(design, built, state, batch, moment));
  const next = [...built.state].map(([input, output]) => [input, results[output]]);
  state = Object.fromEntries(next);
}
console.log(process.resourceUsage().maxRSS / 1024);
