/** @file Runs in the browser: drawn pools on WASM against the float64 reference. */
import { sample } from "fast-check";
import { createWebRuntime } from "../../../src/web.ts";
import { drawnPools, isRight } from "../../drawn-pools.ts";

/** How many of so many drawn pools run, and what is wrong with those that are wrong. */
export async function drawnPoolFaults(
  operator: string,
  count: number,
  seed: number,
): Promise<{ readonly right: number; readonly faults: readonly string[] }> {
  const runtime = await createWebRuntime({ provider: "wasm" });
  let right = 0;
  const faults: string[] = [];
  for (const pool of sample(drawnPools(operator), { numRuns: count, seed })) {
    try {
      if (await isRight(runtime, pool)) right++;
    } catch (error) {
      faults.push(`${JSON.stringify(pool)}: ${String(error)}`);
    }
  }
  await runtime.release();
  return { right, faults };
}
