/** @file What the input gradient of one logit costs, as attribution computes it: against the forward pass and PyTorch. */
import { explainRows } from "../src/attribution/gradient/explained-rows.ts";
import { Model } from "../src/network/model.ts";
import { openModel } from "../src/node/open-model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import { gradientNetworks, networkFile, networkTwin, threads } from "./gradient-networks.ts";
import { compete, timed, type Competitor } from "./measure.ts";
import { noise } from "./noise.ts";

const turns = 7;

/** Prints a row of a table for each network; names as arguments choose some of them. */
export async function run(): Promise<void> {
  const asked = process.argv.slice(3);
  const runtime = createNodeRuntime({ threads });
  console.log("| network | forward | with gradient | ratio | PyTorch | ours / PyTorch |");
  console.log("| ------- | ------- | ------------- | ----- | ------- | -------------- |");
  for (const name of asked.length > 0 ? asked : gradientNetworks) {
    console.log(await costOf(name, runtime));
  }
}

async function costOf(name: string, runtime: Runtime): Promise<string> {
  const twin = await networkTwin(name);
  const works = await worksOf(name, runtime);
  const theirs: Competitor[] = twin ? [twin.competitor("gradient")] : [];
  const [forward, gradient, other] = await compete([...works, ...theirs], turns);
  twin?.close();
  await runtime.release();
  const cells = [
    name,
    `${forward!.toFixed(1)} ms`,
    `${gradient!.toFixed(1)} ms`,
    (gradient! / forward!).toFixed(2),
    other === undefined ? "" : `${other.toFixed(1)} ms`,
    other === undefined ? "" : (gradient! / other).toFixed(2),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** The forward pass and the gradient, on one picture. */
async function worksOf(name: string, runtime: Runtime): Promise<Competitor[]> {
  const model = new Model(await openModel(networkFile(name)), runtime);
  const picture = noise(model.inputDims());
  const graph = await model.at(picture.dims);
  const request = { targets: [20], values: [model.input.name] };
  return [
    timed("forward", () => runtime.run(graph, { [model.input.name]: picture })),
    timed("gradient", () => explainRows(model, picture, request)),
  ];
}
