/** @file Runs in the browser: rows of the checking tables on WebGPU beside WASM. */
import { createWebRuntime } from "../../../src/web.ts";
import type { Runtime, Tensor } from "../../../src/index.ts";
import { families } from "../../reference/rows/index.ts";
import { oneNodeGraph, type GradientRow } from "../../reference/row.ts";
import { toTensor } from "../../reference/ndarray.ts";

let runtimes: Promise<readonly [Runtime, Runtime]> | undefined;

/** The rows of an operator, those that ONNX Runtime can judge. */
function rowsOf(operator: string): readonly GradientRow[] {
  return Object.values(families)
    .flatMap(({ gradientRows, forwardRows }) => [
      ...(gradientRows[operator] ?? []),
      ...(forwardRows[operator] ?? []),
    ])
    .filter(({ withoutOnnxRuntime }) => withoutOnnxRuntime === undefined);
}

/**
 * Of each row of an operator the largest difference from WASM, in shares of its largest number, or the message of the
 * error that either gives.
 */
export async function rowDistances(operator: string): Promise<readonly (number | string)[]> {
  runtimes ??= Promise.all([
    createWebRuntime({ provider: "wasm" }),
    createWebRuntime({ provider: "webgpu" }),
  ]);
  const [wasm, webgpu] = await runtimes;
  const found: (number | string)[] = [];
  for (const row of rowsOf(operator)) {
    const { graph, feeds } = oneNodeGraph(operator, row);
    const fed = Object.fromEntries(
      Object.entries(feeds).map(([name, array]) => [name, toTensor(array)]),
    );
    try {
      const right = await wasm.run(graph, fed);
      const given = await webgpu.run(graph, fed);
      found.push(
        Math.max(...Object.keys(right).map((name) => distance(right[name]!, given[name]!))),
      );
    } catch (error) {
      found.push(error instanceof Error ? error.message : String(error));
    }
  }
  return found;
}

function distance(right: Tensor, given: Tensor): number {
  if (right.dims.join() !== given.dims.join()) return Number.POSITIVE_INFINITY;
  const [numbers, others] = [right, given].map(({ data }) =>
    Array.from(data as Float32Array, Number),
  );
  const largest = Math.max(1e-30, ...numbers!.map(Math.abs));
  return Math.max(0, ...numbers!.map((value, i) => Math.abs(value - others![i]!) / largest));
}
