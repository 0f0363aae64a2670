/** @file Attribution methods on GoogLeNet against the same work in PyTorch. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { attributionMethods } from "../src/attribution/index.ts";
import type { AttributionMethod, AttributionOptions } from "../src/attribution/method.ts";
import { Model } from "../src/network/model.ts";
import { openModel } from "../src/node/open-model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { randomPicture } from "./engine.ts";
import { compete, report, timed } from "./measure.ts";
import { startPyTorch } from "./pytorch.ts";

const threads = 2;
const file = fileURLToPath(new URL("../out/bench/googlenet.onnx", import.meta.url));

/** Methods with the options that fix the amount of work, and turns enough for a steady median. */
const works: Readonly<
  Record<string, { readonly options: Partial<AttributionOptions>; readonly turns: number }>
> = {
  "grad-cam": { options: {}, turns: 9 },
  "integrated-gradients": { options: { steps: 64 }, turns: 10 },
  "smooth-grad": { options: { samples: 32 }, turns: 10 },
  occlusion: { options: { window: 28, stride: 14 }, turns: 1 },
  "score-cam": { options: {}, turns: 1 },
};

/** Prints one line a method: milliseconds a picture, and the ratio ours / theirs. */
export async function run(): Promise<void> {
  mkdirSync(fileURLToPath(new URL("../out/bench/", import.meta.url)), { recursive: true });
  const twin = await startPyTorch("pytorch_attribution.py", [file, String(threads)]);
  const runtime = createNodeRuntime({ threads });
  const model = new Model(await openModel(file), runtime);
  const picture = randomPicture();
  for (const [name, { options, turns }] of Object.entries(works)) {
    const { run: explain } = (attributionMethods as Readonly<Record<string, AttributionMethod>>)[
      name
    ]!;
    const ours = () => explain(model, picture, { targets: [20], ...options });
    const competitors = [timed("limpid", ours, 1), twin.competitor(name, 1)];
    report(name, competitors, await compete(competitors, turns));
  }
  await runtime.release();
  twin.close();
}
