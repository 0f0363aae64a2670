/** @file Runs in the browser: distances of a golden network from its references on WASM or WebGPU. */
import { decodeSafetensors } from "../../../src/formats/safetensors.ts";
import { createWebRuntime } from "../../../src/runtime/onnxruntime-web.ts";
import type { Runtime } from "../../../src/runtime/runtime.ts";
import { goldenDistances, type Distances } from "../../golden-distances.ts";
import type { GoldenEntry } from "../../goldens/load.ts";

async function fetchBytes(file: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`/goldens/${file}`)).arrayBuffer());
}

let runtime: Promise<Runtime> | undefined;

/** Distances of a network's output and gradients from the golden ones: of those `compared`, or of all. */
export async function distancesOf(
  name: string,
  entry: GoldenEntry,
  provider: "wasm" | "webgpu",
  compared?: readonly string[],
): Promise<Distances> {
  runtime ??= createWebRuntime({ provider, threads: 2 });
  const { tensors: all } = decodeSafetensors(await fetchBytes(`${name}.safetensors`));
  const wanted = compared && ["input", "target", ...compared];
  const tensors = wanted
    ? Object.fromEntries(Object.entries(all).filter(([tensor]) => wanted.includes(tensor)))
    : all;
  return goldenDistances(await runtime, {
    model: await fetchBytes(`${name}.onnx`),
    tensors,
    camLayer: provider === "wasm" ? entry.cam_layer : undefined,
    softmaxInside: entry.softmax_inside,
  });
}
