/** @file WebAssembly's gradients are the processor's, but where a rectifier's value lies on its bend for one of them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explainRows } from "../src/attribution/gradient/explained-rows.ts";
import { openGraph } from "../src/formats/index.ts";
import { tensor } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { randomStream } from "../src/random.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { createWebRuntime } from "../src/runtime/onnxruntime-web.ts";
import type { Runtime } from "../src/runtime/runtime.ts";

const mirror = process.env["LIMPID_MIRROR"] ?? "";
const path = join(mirror, "weights/mobilenetv2/mobilenet_v2_1.0_224.onnx");

/** Of the largest number: sums of floats in another order. */
const rounding = 2e-5;

const largestOf = (values: Float32Array) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const farthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0) / largestOf(b);

test.skipIf(mirror === "" || !existsSync(path))("of MobileNetV2, with its 35 ReLU6", async () => {
  const graph = await openGraph(await nodePlatform.source(path));
  const random = randomStream("web kinks");
  const picture = Float32Array.from({ length: 3 * 224 * 224 }, () => random.normal());
  const explained = async (runtime: Runtime) => {
    const model = new Model(graph, runtime);
    const { nodes } = await model.whole(model.inputDims());
    const bends = nodes
      .filter(({ operator }) => operator === "Clip")
      .map(({ inputs }) => inputs[0]!);
    const values = [model.input.name, ...bends];
    const input = tensor("float32", [1, 3, 224, 224], picture);
    const [row] = await explainRows(model, input, { targets: [281], values });
    return row!;
  };
  const own = await explained(createNodeRuntime());
  const web = await explained(await createWebRuntime({ provider: "wasm" }));
  expect(own.values.length).toBe(36);
  let lastOnBend = 0;
  for (const [at, values] of web.values.entries()) {
    if (at === 0) continue;
    expect(farthest(values, own.values[at]!)).toBeLessThan(rounding);
    const bound = rounding * largestOf(own.values[at]!);
    for (const [i, value] of values.entries()) {
      const other = own.values[at]![i]!;
      const isSame = value > 0 === other > 0 && value < 6 === other < 6;
      if (isSame) continue;
      lastOnBend = at;
      expect(Math.min(Math.abs(other), Math.abs(other - 6))).toBeLessThan(bound);
    }
  }
  for (const [at, gradients] of web.gradients.entries()) {
    // Before a value on its bend the gradient may jump; the value's own is taken behind no bend of its own.
    if (lastOnBend > 0 && at <= lastOnBend) continue;
    expect(farthest(gradients, own.gradients[at]!), `ReLU6 ${at}`).toBeLessThan(rounding);
  }
});
