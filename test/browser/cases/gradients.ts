/** @file Runs in the browser: the input gradient of a golden network on WASM or WebGPU. */
import { differentiate } from "../../../src/autodiff/differentiate.ts";
import { decodeOnnx } from "../../../src/formats/onnx/decode.ts";
import { decodeSafetensors } from "../../../src/formats/safetensors.ts";
import { GraphBuilder } from "../../../src/graph/builder.ts";
import type { Tensor } from "../../../src/graph/tensor.ts";
import { trace } from "../../../src/graph/trace.ts";
import { createWebRuntime } from "../../../src/runtime/onnxruntime-web.ts";
import type { Runtime } from "../../../src/runtime/runtime.ts";

async function fetchWhole(file: string): Promise<Uint8Array> {
  const whole = await fetch(`/goldens/${file}`);
  if (whole.ok) return new Uint8Array(await whole.arrayBuffer());
  const parts: Uint8Array[] = [];
  for (let i = 0; ; i++) {
    const part = await fetch(`/goldens/${file}.part${i}`);
    if (!part.ok) break;
    parts.push(new Uint8Array(await part.arrayBuffer()));
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

let runtime: Promise<Runtime> | undefined;

/** Relative L2 distances of output and input gradient from the golden ones. */
export async function goldenDistances(
  name: string,
  provider: "wasm" | "webgpu",
): Promise<{ output: number; gradient: number }> {
  runtime ??= createWebRuntime({ provider, threads: 2 });
  const opened = await runtime;
  const golden = decodeSafetensors(await fetchWhole(`${name}.safetensors`)).tensors;
  const graph = decodeOnnx(await fetchWhole(`${name}.onnx`));
  const traced = await trace(graph, { input: golden["input"]! }, (probe, feeds) =>
    opened.run(probe, feeds),
  );
  const b = new GraphBuilder(traced);
  const target = Array.from(golden["target"]!.data as ArrayLike<number | bigint>, Number);
  const output = b.value("output");
  const rows = b.constant(
    target.flatMap((t) => Array.from({ length: output.dims[1]! }, (_, i) => (i === t ? 1 : 0))),
    output.dims,
  );
  const objective = b.reduceSum(b.mul(output, rows), [0, 1], false);
  b.output(output);
  const result = differentiate(b.build(), { of: objective.name, wrt: ["input"] });
  const found = await opened.run(result.graph, { input: golden["input"]! });
  await opened.release();
  return {
    output: distance(found["output"]!, golden["output"]!),
    gradient: distance(found[result.gradients.get("input")!]!, golden["input_gradient"]!),
  };
}

function distance(a: Tensor, reference: Tensor): number {
  const [x, y] = [a.data as Float32Array, reference.data as Float32Array];
  let difference = 0;
  let norm = 0;
  for (const [i, value] of y.entries()) {
    difference += (x[i]! - value) ** 2;
    norm += value ** 2;
  }
  return Math.sqrt(difference / norm);
}
