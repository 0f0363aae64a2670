/** @file The runtime in the guard that all readers share, and what its errors tell of the process there. */
import { LimpidError } from "../../src/errors.ts";
import { createGuardedRuntime } from "../../src/guard/guarded-runtime.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";
import type { SceneEvent } from "./reader.ts";

/** A run is refused or ended beyond these; the time holds the start of a process too. */
const limits = { memoryBytes: 2 ** 29, timeSeconds: 3 } as const;

let runtime: Runtime | undefined;

export function guardedRuntime(): Runtime {
  // The process is TypeScript as this one is.
  process.env["NODE_OPTIONS"] = "--import tsx";
  runtime ??= createGuardedRuntime({ threads: 1, limits });
  return runtime;
}

export async function releaseRuntime(): Promise<void> {
  await runtime?.release();
  runtime = undefined;
}

/** What became of the process that computes, if an error says so. */
export function endOf(error: unknown): SceneEvent["kind"] | undefined {
  if (!(error instanceof LimpidError) || error.code !== "runtime") return undefined;
  if (/must be done within/.test(error.message)) return "late in the guard";
  if (!/got its end by/.test(error.message)) return undefined;
  return /is allowed/.test(error.message) ? "over memory in the guard" : "end in the guard";
}
