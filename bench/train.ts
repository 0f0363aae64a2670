/** @file Time and peak memory of a training step of the two ready networks against PyTorch. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { compete, report, timed } from "./measure.ts";
import { startPyTorch } from "./pytorch.ts";
import { openStep, trainedNetworks, type TrainedNetwork } from "./training-step.ts";

const threads = 2;

/** Prints two lines a network: milliseconds a step, and peak resident memory; ratios ours / theirs. */
export async function run(): Promise<void> {
  for (const network of trainedNetworks) {
    await benchmarkTime(network);
    await benchmarkMemory(network);
  }
}

async function benchmarkTime(network: TrainedNetwork): Promise<void> {
  const runtime = createNodeRuntime({ threads });
  const twin = await startPyTorch("pytorch_train.py", [network, String(threads)]);
  const { step, release } = await openStep(runtime, network);
  const perTurn = network === "mnist" ? 5 : 2;
  const competitors = [timed("limpid", step, perTurn), twin.competitor("step", perTurn)];
  report(`${network} step`, competitors, await compete(competitors, 6));
  await release();
  twin.close();
}

/** Each in a process of its own, after the same number of steps; ours is the built package (`npm run build`). */
async function benchmarkMemory(network: TrainedNetwork): Promise<void> {
  const script = fileURLToPath(new URL("training-memory.mjs", import.meta.url));
  const child = spawnSync(process.execPath, [script, network], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ours = Number(child.stdout);
  const twin = await startPyTorch("pytorch_train.py", [network, String(threads)]);
  await twin.competitor("step").run(3);
  const [theirs] = await twin.competitor("memory").run(1);
  twin.close();
  const ratio = (ours / theirs!).toFixed(2);
  console.log(
    `${`${network} peak memory`.padEnd(34)} limpid ${ours.toFixed(0)} MiB   PyTorch ${theirs!.toFixed(0)} MiB (${ratio} x)`,
  );
}
