/** @file Forward pass and input gradient against PyTorch and TF.js; from file to ready session; peak memory. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { differentiate } from "../src/autodiff/differentiate.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { cut } from "../src/graph/edit.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensor, type Tensor } from "../src/graph/tensor.ts";
import { collectingSoon, givingBack } from "../src/guard/given-back-memory.ts";
import { Model } from "../src/network/model.ts";
import { openModel } from "../src/node/open-model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import type { Runtime, Session } from "../src/runtime/runtime.ts";
import { compete, report, timed, type Competitor } from "./measure.ts";
import { startPyTorch } from "./pytorch.ts";
import { startTensorFlowJs } from "./tensorflow-js.ts";

const threads = 2;
const dims = [1, 3, 224, 224];
const folder = fileURLToPath(new URL("../out/bench/", import.meta.url));
const networks = ["vgg16-convolutions", "resnet50", "mobilenet_v2", "vit-b-32"] as const;

/** Prints one line a network and direction, ours first, ratios ours / theirs. */
export async function run(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const runtime = createNodeRuntime({ threads });
  for (const network of networks) await benchmarkNetwork(runtime, network);
  for (const network of ["resnet50", "swin-t"]) await benchmarkReadiness(runtime, network);
  await runtime.release();
  await benchmarkMemory();
}

async function benchmarkNetwork(runtime: Runtime, network: string): Promise<void> {
  const path = `${folder}${network}.onnx`;
  const twin = await startPyTorch("pytorch_twin.py", [network, path, String(threads)]);
  const tensorFlow = await startTensorFlowJs(network);
  const sessions = await openSessions(runtime, path);
  const feeds = { input: randomPicture() };
  for (const work of ["forward", "gradient"] as const) {
    const ours = timed("limpid", () => sessions[work].run(feeds));
    const competitors: Competitor[] = [ours, twin.competitor(work)];
    const rival = tensorFlow?.(work);
    if (rival) competitors.push(rival);
    report(`${network} ${work}`, competitors, await compete(competitors));
  }
  await sessions.forward.release();
  await sessions.gradient.release();
  twin.close();
}

async function openSessions(
  runtime: Runtime,
  path: string,
): Promise<{ forward: Session; gradient: Session }> {
  const graph = await readTraced(runtime, path);
  return {
    forward: await runtime.open(graph),
    gradient: await runtime.open(inputGradient(graph)),
  };
}

async function readTraced(runtime: Runtime, path: string): Promise<Graph> {
  return new Model(await openModel(path), runtime).at(dims);
}

/** The gradient of the mean of channel 20, or of logit 20, to the input; nothing else is computed. */
function inputGradient(graph: Graph): Graph {
  const builder = new GraphBuilder(graph);
  const output = builder.value(graph.outputs[0]!.name);
  const unit = builder.slice(output, [20], [21], [1]);
  const axes = unit.dims.map((_, axis) => axis);
  const objective = builder.reduceMean(unit, axes, false);
  const result = differentiate(builder.build(), { of: objective.name, wrt: ["input"] });
  return cut(result.graph, { outputs: [result.gradients.get("input")!] });
}

function randomPicture(): Tensor {
  let state = 1;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5;
  return tensor("float32", dims, Float32Array.from({ length: 3 * 224 * 224 }, next));
}

async function benchmarkReadiness(runtime: Runtime, network: string): Promise<void> {
  const path = `${folder}${network}.onnx`;
  const twin = await startPyTorch("pytorch_twin.py", [network, path, String(threads)]);
  twin.close();
  const start = performance.now();
  const session = await runtime.open(inputGradient(await readTraced(runtime, path)));
  const seconds = (performance.now() - start) / 1000;
  await session.release();
  console.log(`${network} from file to gradient session   ${seconds.toFixed(2)} s`);
}

/** Runs the built package (`npm run build`) in a process of its own, as commands do, whose peak resident memory is compared with the file's size. */
async function benchmarkMemory(): Promise<void> {
  const path = `${folder}vgg16.onnx`;
  const twin = await startPyTorch("pytorch_twin.py", ["vgg16", path, String(threads)]);
  twin.close();
  const script = fileURLToPath(new URL("peak-memory.mjs", import.meta.url));
  const child = spawnSync(process.execPath, [...collectingSoon, script, path], {
    encoding: "utf8",
    env: givingBack(process.env),
    stdio: ["ignore", "pipe", "inherit"],
  });
  console.log(`vgg16 ${child.stdout.trim()}`);
}

export { randomPicture };
