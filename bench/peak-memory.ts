/** @file Opens one network, runs its input gradient once and prints the peak resident memory against the file's size. */
import { statSync } from "node:fs";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { inputGradient, randomPicture, readTraced } from "./engine.ts";

const path = process.argv[2]!;
const runtime = createNodeRuntime({ threads: 2 });
const session = await runtime.open(inputGradient(await readTraced(runtime, path)));
await session.run({ input: randomPicture() });
const peakBytes = process.resourceUsage().maxRSS * 1024;
const fileBytes = statSync(path).size;
console.log(
  `vgg16 peak memory   ${(peakBytes / 2 ** 20).toFixed(0)} MiB, ${(peakBytes / fileBytes).toFixed(2)} x the file`,
);
