/** @file Activation maximisation against PyTorch and TF.js; what batching and cutting gain; time outside the runtime. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { convolutionLayers } from "../src/network/activated-layers.ts";
import { cut } from "../src/graph/edit.ts";
import { preprocessings } from "../src/image/preprocess.ts";
import { Model } from "../src/network/model.ts";
import { openModel } from "../src/node/open-model.ts";
import { maximize } from "../src/optvis/maximize.ts";
import { visualized } from "../src/optvis/visualized-network.ts";
import { channel } from "../src/optvis/objectives.ts";
import { presets, type Preset } from "../src/optvis/presets.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import type { Runtime, Session } from "../src/runtime/runtime.ts";
import { compete, median, report, timed, type Competitor } from "./measure.ts";
import { compareMemory } from "./maximize-batches.ts";
import { startPyTorch } from "./pytorch.ts";
import { startTensorFlowJsMaximize } from "./tensorflow-js-maximize.ts";

const threads = 2;
const folder = fileURLToPath(new URL("../out/bench/", import.meta.url));
const path = `${folder}vgg16-convolutions.onnx`;

/** Networks whose memory is measured too. */
const others = ["resnet50", "mobilenet_v2"] as const;

/** Prints milliseconds a step, ours first, ratios ours / theirs. */
export async function run(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of ["vgg16-convolutions", ...others]) {
    const exported = await startPyTorch("pytorch_twin.py", [
      name,
      `${folder}${name}.onnx`,
      String(threads),
    ]);
    exported.close();
  }
  const clocked = clock(createNodeRuntime({ threads }));
  const model = new Model(await openModel(path), clocked.runtime);
  const layer = convolutionLayers(await model.at(model.inputDims()))[6]!;
  await compareRecipe(model, layer);
  await compareCutting(model, layer);
  await measureOverhead(model, layer, clocked);
  await compareMemory(clocked.runtime, [path, ...others.map((name) => `${folder}${name}.onnx`)]);
  await clocked.runtime.release();
}

/** A runtime whose sessions add up the time that is spent in them. */
function clock(runtime: Runtime): { runtime: Runtime; insideMs: () => number } {
  let inside = 0;
  const open = async (...args: Parameters<Runtime["open"]>): Promise<Session> => {
    const session = await runtime.open(...args);
    return {
      run: async (...feeds) => {
        const start = performance.now();
        const results = await session.run(...feeds);
        inside += performance.now() - start;
        return results;
      },
      release: () => session.release(),
    };
  };
  const clocked: Runtime = {
    name: runtime.name,
    open,
    run: (...args) => runtime.run(...args),
    release: () => runtime.release(),
  };
  return { runtime: clocked, insideMs: () => inside };
}

interface Job {
  readonly layer: string;
  readonly pictures: number;
  readonly sidePx: number;
  readonly preset: Preset;
  readonly steps: number;
}

/** Milliseconds of each step but the first of a run. */
async function stepTimes(model: Model, job: Job): Promise<readonly number[]> {
  const { layer, pictures, sidePx, preset, steps } = job;
  const times: number[] = [];
  let last = performance.now();
  await maximize(
    visualized(model, preprocessings.tf),
    Array.from({ length: pictures }, (_, i) => channel(layer, i)),
    {
      preset,
      size: { channels: 3, heightPx: sidePx, widthPx: sidePx },
      steps: steps + 1,
      onStep: () => {
        const now = performance.now();
        times.push(now - last);
        last = now;
      },
    },
  );
  return times.slice(1);
}

/** The Keras recipe without its warm-up, as PyTorch's loop has none. */
const recipe: Preset = { ...presets.chollet, redirectedSteps: 0 };

function ours(model: Model, job: Omit<Job, "preset" | "steps">): Competitor {
  return {
    name: "limpid",
    run: (steps) => stepTimes(model, { ...job, preset: recipe, steps }),
  };
}

/** Step times of the Keras recipe, batched and not. */
async function compareRecipe(model: Model, layer: string): Promise<void> {
  const twin = await startPyTorch("pytorch_maximize.py", [String(threads)]);
  const medians: number[] = [];
  for (const { pictures, sidePx, label } of [
    { pictures: 64, sidePx: 64, label: "64 filters at 64 px, together" },
    { pictures: 1, sidePx: 64, label: "one filter at 64 px" },
    { pictures: 1, sidePx: 150, label: "one filter at 150 px" },
  ]) {
    const competitors = [
      ours(model, { layer, pictures, sidePx }),
      twin.competitor(`${pictures} ${sidePx}`),
    ];
    const found = await compete(competitors, 3);
    report(`Keras recipe, ${label}`, competitors, found);
    medians.push(found[0]!);
  }
  twin.close();
  const gain = (64 * medians[1]!) / medians[0]!;
  console.log(`batching: 64 steps of one filter take ${gain.toFixed(2)} x a step of 64`);
  const few = [ours(model, { layer, pictures: 4, sidePx: 64 })];
  const rival = await startTensorFlowJsMaximize(4, 64);
  if (rival) few.push(rival);
  report("Keras recipe, 4 filters at 64 px", few, await compete(few, 2));
}

/** What it saves to stop at the layer instead of running the whole network. */
async function compareCutting(model: Model, layer: string): Promise<void> {
  const last = model.graph.outputs[0]!.name;
  const whole = await model.part([layer, last], [8, 3, 64, 64]);
  const feeds = {
    [model.input.name]: {
      type: "float32" as const,
      dims: [8, 3, 64, 64],
      data: new Float32Array(8 * 3 * 64 * 64).fill(0.1),
    },
  };
  const sessions = [
    await model.runtime.open(cut(whole, { outputs: [layer] })),
    await model.runtime.open(cut(whole, { outputs: [last] })),
  ];
  const competitors = sessions.map((session, i) =>
    timed(i === 0 ? "cut at the layer" : "whole network", () => session.run(feeds)),
  );
  report("forward, 8 pictures at 64 px", competitors, await compete(competitors));
  for (const session of sessions) await session.release();
}

/** The share of a run that is spent outside of the runtime, steps alone. */
async function measureOverhead(
  model: Model,
  layer: string,
  { insideMs }: { readonly insideMs: () => number },
): Promise<void> {
  const shares: number[] = [];
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    let insideStart = 0;
    let start = 0;
    const steps = 12;
    await maximize(
      visualized(model, preprocessings.tf),
      [0, 1, 2, 3].map((i) => channel(layer, i)),
      {
        preset: { ...presets.natural, redirectedSteps: 0 },
        size: { channels: 3, heightPx: 224, widthPx: 224 },
        steps,
        onStep: ({ step }) => {
          if (step === 2) [insideStart, start] = [insideMs(), performance.now()];
          if (step < steps) return;
          const total = performance.now() - start;
          shares.push(1 - (insideMs() - insideStart) / total);
          times.push(total / (steps - 2));
        },
      },
    );
  }
  console.log(
    `natural, 4 pictures at 224 px         ${median(times).toFixed(1)} ms a step, ${(100 * median(shares)).toFixed(1)} % of it outside the runtime`,
  );
}
