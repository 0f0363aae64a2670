/** @file Runs in the browser: pictures made by WebAssembly and by WebGPU, where the state of each step stays on the card. */
import { decodeOnnx } from "../../../src/formats/onnx/decode.ts";
import { Model } from "../../../src/network/model.ts";
import { maximize } from "../../../src/optvis/maximize.ts";
import { channel } from "../../../src/optvis/objectives.ts";
import { presets } from "../../../src/optvis/presets.ts";
import { createWebRuntime } from "../../../src/runtime/onnxruntime-web.ts";
import { isResident } from "../../../src/runtime/resident.ts";
import type { Runtime } from "../../../src/runtime/runtime.ts";

export interface MadeOn {
  readonly activations: readonly number[];
  /** Runs of steps, and how many tensors they were fed with lay on the card. */
  readonly runs: number;
  readonly resident: number;
}

/** Two channels of the golden digits network in so many steps. */
export async function pictures(
  provider: "wasm" | "webgpu",
  layer: string,
  steps: number,
): Promise<MadeOn> {
  const runtime = await createWebRuntime({ provider, build: "webgpu", threads: 1 });
  const [counted, count] = counting(runtime);
  const bytes = new Uint8Array(await (await fetch("/goldens/mnist.onnx")).arrayBuffer());
  const model = new Model(decodeOnnx(bytes), runtime);
  const [, , heightPx, widthPx] = model.inputDims();
  const scaling = { order: [0], gain: [4], offset: [-2] };
  const network = { runtime: counted, scaling, at: (dims: readonly number[]) => model.at(dims) };
  const made = await maximize(network, [channel(layer, 0), channel(layer, 1)], {
    preset: presets.natural,
    size: { channels: 1, heightPx, widthPx },
    seed: 1,
    steps,
  });
  await runtime.release();
  return { activations: made.map(({ activation }) => activation), ...count };
}

/** A runtime whose sessions' runs are counted. */
function counting(runtime: Runtime): readonly [Runtime, { runs: number; resident: number }] {
  const count = { runs: 0, resident: 0 };
  const open: Runtime["open"] = async (graph, options) => {
    const session = await runtime.open(graph, options);
    return {
      ...session,
      run: (feeds, running) => {
        count.runs++;
        count.resident += Object.values(feeds).filter(isResident).length;
        return session.run(feeds, running);
      },
    };
  };
  return [{ ...runtime, open }, count];
}
