/** @file The machine, with networks computed in a process of their own. */
import type { Platform } from "../app/platform.ts";
import { nodePlatform } from "../node/platform.ts";
import { openRuntime } from "../node/runtimes.ts";
import { createGuardedRuntime, type GuardedRuntimeOptions } from "./guarded-runtime.ts";

/** As `nodePlatform`; WASM cannot harm the process that it is in. */
export function guardedPlatform(options: Omit<GuardedRuntimeOptions, "provider">): Platform {
  return {
    ...nodePlatform,
    openRuntime: async (name) =>
      name === "wasm"
        ? openRuntime(name, options.limits)
        : createGuardedRuntime({ ...options, provider: name }),
  };
}
