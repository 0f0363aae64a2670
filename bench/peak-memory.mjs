/**
 * @file Opens one network with the built package, as users have it, runs its input gradient once and prints the peak
 * resident memory against the file's size. A loader for TypeScript would add its own 40 MiB and more.
 */
import { statSync } from "node:fs";
import { explainRows } from "../dist/attribution/gradient/explained-rows.js";
import { tensor } from "../dist/graph/tensor.js";
import { Model } from "../dist/network/model.js";
import { openModel } from "../dist/node/open-model.js";
import { createNodeRuntime } from "../dist/runtime/onnxruntime-node.js";

const [path, batch = "1"] = process.argv.slice(2);
const dims = [Number(batch), 3, 224, 224];
const model = new Model(await openModel(path), createNodeRuntime({ threads: 2 }));
const pixels = Float32Array.from({ length: Number(batch) * 3 * 224 * 224 }, (_, i) => Math.sin(i));
const targets = Array(Number(batch)).fill(20);
await explainRows(model, tensor("float32", dims, pixels), { targets, values: [model.input.name] });
const peakBytes = process.resourceUsage().maxRSS * 1024;
const fileBytes = statSync(path).size;
console.log(
  `peak memory   ${(peakBytes / 2 ** 20).toFixed(0)} MiB, ${(peakBytes / fileBytes).toFixed(2)} x the file`,
);
