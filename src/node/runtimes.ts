/** @file The runtime that the user asked for. */
import type { RuntimeName } from "../app/platform.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** Opens a runtime by its name; each is loaded when it is asked for. Throws `bad-option` if this machine lacks it. */
export async function openRuntime(name: RuntimeName): Promise<Runtime> {
  if (name === "wasm") {
    const { createWebRuntime } = await import("../runtime/onnxruntime-web.ts");
    return createWebRuntime({ provider: "wasm" });
  }
  const { createNodeRuntime } = await import("../runtime/onnxruntime-node.ts");
  return createNodeRuntime({ provider: name });
}
