/** @file The runtime that the user asked for. */
import type { Runtime } from "../runtime/runtime.ts";

export const runtimeNames = ["cpu", "wasm", "webgpu", "cuda", "coreml", "dml"] as const;

export type RuntimeName = (typeof runtimeNames)[number];

/** Opens a runtime by the name of the command line. Throws `bad-option` if this machine lacks it. */
export async function openRuntime(name: RuntimeName): Promise<Runtime> {
  if (name === "wasm") {
    const { createWebRuntime } = await import("../runtime/onnxruntime-web.ts");
    return createWebRuntime({ provider: "wasm" });
  }
  const { createNodeRuntime } = await import("../runtime/onnxruntime-node.ts");
  return createNodeRuntime({ provider: name });
}
