/** @file Runs in the browser: what a network's forward pass and its input gradient take in WebAssembly. */
import { explainRows } from "../../src/attribution/gradient/explained-rows.ts";
import { openOnnx } from "../../src/formats/onnx/open.ts";
import { Model } from "../../src/network/model.ts";
import { createWebRuntime } from "../../src/runtime/onnxruntime-web.ts";
import { compete, timed } from "../measure.ts";
import { noise } from "../noise.ts";

const turns = 5;

/** Median milliseconds of the forward pass, and of the gradient with it, of the file at an address. */
async function costOf(address: string, threads: number): Promise<readonly number[]> {
  const runtime = await createWebRuntime({ provider: "wasm", threads });
  const file = await (await fetch(address)).blob();
  const graph = await openOnnx({
    name: address,
    size: file.size,
    read: async (offset, length) =>
      new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
    beside: async () => undefined,
  });
  const model = new Model(graph, runtime);
  const picture = noise(model.inputDims());
  const traced = await model.at(picture.dims);
  const request = { targets: [20], values: [model.input.name] };
  const works = [
    timed("forward", () => runtime.run(traced, { [model.input.name]: picture })),
    timed("gradient", () => explainRows(model, picture, request)),
  ];
  return compete(works, turns);
}

Object.assign(globalThis, { costOf });
