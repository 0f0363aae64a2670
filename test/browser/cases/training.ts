/** @file Runs in the browser: a hundred training steps on WASM. */
import { createWebRuntime } from "../../../src/runtime/onnxruntime-web.ts";
import { hundredSteps, type HundredSteps } from "../../hundred-steps.ts";

/** The losses of a hundred steps. */
export async function trained(): Promise<HundredSteps> {
  const runtime = await createWebRuntime({ provider: "wasm", threads: 2 });
  return hundredSteps(runtime);
}
