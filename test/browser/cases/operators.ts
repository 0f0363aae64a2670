/** @file Runs in the browser: small graphs, and what a page can get wrong with a runtime. */
import {
  GraphBuilder,
  LimpidError,
  tensorOf,
  type Runtime,
  type Tensor,
} from "../../../src/index.ts";
import { createWebRuntime, type WebRuntimeOptions } from "../../../src/web.ts";
import { smallGraphs } from "../../small-graphs.ts";

const runtimes = new Map<string, Promise<Runtime>>();

function runtimeOf(provider: "wasm" | "webgpu"): Promise<Runtime> {
  const runtime = runtimes.get(provider) ?? createWebRuntime({ provider });
  runtimes.set(provider, runtime);
  return runtime;
}

/** The output of the small graph of that name. */
export async function runSmallGraph(name: string, provider: "wasm" | "webgpu"): Promise<Tensor> {
  const { graph, feeds } = smallGraphs.find((small) => small.name === name)!;
  const runtime = await runtimeOf(provider);
  return Object.values(await runtime.run(graph, feeds))[0]!;
}

/** First element of a constant product for each of several graphs that are all run at once. */
export async function overlapping(
  sizes: readonly number[],
  provider: "wasm" | "webgpu",
): Promise<number[]> {
  const runtime = await runtimeOf(provider);
  const outputs = sizes.map(async (size) => {
    const b = new GraphBuilder();
    const [x, y] = [b.input("x", [size, size]), b.input("y", [size, size])];
    b.output(b.op("MatMul", [x, y], {}, "z"));
    const ones = tensorOf("float32", [size, size], Array<number>(size * size).fill(1));
    return (await runtime.run(b.build(), { x: ones, y: ones }))["z"]!;
  });
  return (await Promise.all(outputs)).map((z) => Number(z.data[0]));
}

/** Code and message of the error that options for a runtime give, or undefined. */
export async function refusal(
  options: WebRuntimeOptions,
): Promise<{ code: string; message: string } | undefined> {
  try {
    await createWebRuntime(options);
  } catch (error) {
    if (error instanceof LimpidError) return { code: error.code, message: error.message };
    throw error;
  }
  return undefined;
}

/** Whether WebAssembly may use threads here, and how many cores there are. */
export function platform(): { isolated: boolean; cores: number } {
  return { isolated: crossOriginIsolated, cores: navigator.hardwareConcurrency };
}

/** Whether anything outside the test's own server answers. */
export async function reachesOutside(address: string): Promise<boolean> {
  try {
    await fetch(address, { mode: "no-cors" });
    return true;
  } catch {
    return false;
  }
}
