/** @file The runtime that the user asked for. */
import type { RuntimeName } from "../app/platform.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { usualLimits, type Limits } from "../wording/limits.ts";

/**
 * Opens a runtime by its name, within limits; each is loaded when it is asked for. `threads` are those of one operator on the
 * processor. Throws `bad-option` if this machine lacks it.
 */
export async function openRuntime(
  name: RuntimeName,
  limits: Limits = usualLimits,
  threads?: number,
): Promise<Runtime> {
  if (name === "wasm") {
    const { createWebRuntime } = await import("../runtime/onnxruntime-web.ts");
    return createWebRuntime({ provider: "wasm", limits });
  }
  const { createNodeRuntime } = await import("../runtime/onnxruntime-node.ts");
  return createNodeRuntime({
    provider: name,
    limits,
    ...(threads === undefined ? {} : { threads }),
  });
}
