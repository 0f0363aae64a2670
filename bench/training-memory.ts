/** @file Runs three training steps of one network and prints the peak resident memory in MiB. */
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { openStep, type TrainedNetwork } from "./training-step.ts";

const runtime = createNodeRuntime({ threads: 2 });
const { step } = await openStep(runtime, process.argv[2] as TrainedNetwork);
for (let count = 0; count < 3; count++) await step();
console.log(process.resourceUsage().maxRSS / 1024);
