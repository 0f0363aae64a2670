/** @file Runs in the browser: activation maximisation on WASM. */
import { createWebRuntime } from "../../../src/runtime/onnxruntime-web.ts";
import { maximizeGolden, type MaximizedUnits } from "../../maximized-unit.ts";

/** Two units of the golden `vgg`. */
export async function maximized(): Promise<MaximizedUnits> {
  const model = new Uint8Array(await (await fetch("/goldens/vgg.onnx")).arrayBuffer());
  return maximizeGolden(await createWebRuntime({ provider: "wasm", threads: 2 }), model);
}
