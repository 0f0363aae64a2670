/** @file The toy network of Captum's tests, whose explanations can be worked out by hand. */
import { describe, expect, test } from "vitest";
import { explainRows } from "../src/attribution/gradients.ts";
import { gradCam } from "../src/attribution/grad-cam.ts";
import { gradient } from "../src/attribution/gradient.ts";
import { deconvolution, guidedBackpropagation } from "../src/autodiff/overrides.ts";
import type { RuleTable } from "../src/autodiff/rule.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { tensorOf } from "../src/graph/tensor.ts";
import { Model } from "../src/model/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { createReferenceRuntime } from "./reference/reference-runtime.ts";

/** Conv 1 to 2, 3x3, all ones, bias -50 and -75; ReLU; dense of four equal rows; ReLU. */
function toyNetwork() {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 4, 4]);
  const w = b.constant(Array(18).fill(1), [2, 1, 3, 3]);
  const conv = b.op("Conv", [x, w, b.constant([-50, -75], [2])], {}, "conv1");
  const relu = b.op("Relu", [conv], {}, "relu1");
  const row = [1, 1, 1, 1, 1, -1, -1, -1];
  const dense = b.constant([...row, ...row, ...row, ...row], [4, 8]);
  const fc = b.op("Gemm", [b.op("Flatten", [relu]), dense], { transB: 1 }, "fc1");
  b.output(b.op("Relu", [fc], {}, "output"));
  return b.build("toy");
}

/** The picture with numbers from `first` on. */
function counted(first: number) {
  return tensorOf(
    "float32",
    [1, 1, 4, 4],
    Array.from({ length: 16 }, (_, i) => first + i),
  );
}

const input = counted(0);
const runtimes = {
  "onnxruntime-node": () => createNodeRuntime(),
  interpreter: () => createReferenceRuntime(),
};

describe.each(Object.keys(runtimes) as (keyof typeof runtimes)[])("toy network on %s", (kind) => {
  const model = new Model(toyNetwork(), runtimes[kind]());
  const options = { targets: [0] };

  async function bent(rules: RuleTable, picture = input): Promise<Float32Array> {
    const [row] = await explainRows(model, picture, { ...options, values: ["x"], rules });
    return row!.gradients[0]!;
  }

  /** Activations and gradients of a layer of two channels with four places each. */
  async function channels(layer: string) {
    const [row] = await explainRows(model, input, { ...options, values: [layer] });
    const [activations, gradients] = [row!.values[0]!, row!.gradients[0]!];
    return [0, 4].map((start) => ({
      activation: Array.from(activations.slice(start, start + 4)),
      gradient: Array.from(gradients.slice(start, start + 4)),
    }));
  }

  test("output", async () => {
    const [map] = await gradient(model, input, options);
    expect(map!.logit).toBe(54);
  });

  test("gradient", async () => {
    const [map] = await gradient(model, input, options);
    expect(Array.from(map!.data)).toEqual([0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0]);
  });

  test("input x gradient, which sums to the output", async () => {
    const [map] = await gradient(model, input, options);
    const product = Array.from(map!.data, (slope, i) => slope * i);
    expect(product).toEqual([0, 1, 2, 3, 0, 5, 6, 7, 0, 9, 10, 11, 0, 0, 0, 0]);
    expect(product.reduce((sum, value) => sum + value)).toBe(54);
  });

  test("guided backpropagation", async () => {
    const found = await bent(guidedBackpropagation);
    expect(Array.from(found)).toEqual([0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1]);
  });

  test("deconvolution", async () => {
    const found = await bent(deconvolution);
    expect(Array.from(found)).toEqual([2, 3, 3, 1, 3, 5, 5, 2, 3, 5, 5, 2, 1, 2, 2, 1]);
  });

  test.each([
    ["conv1", [11.25, 13.5, 20.25, 22.5]],
    ["relu1", [0, 4, 28, 32.5]],
  ])("Grad-CAM at %s", async (layer, expected) => {
    const [map] = await gradCam(model, input, { ...options, layer, signed: true });
    expect(Array.from(map!.data)).toEqual(expected);
  });

  test.each([
    ["conv1", [0.75, -0.5]],
    ["relu1", [1, -0.5]],
  ])("weights of Grad-CAM at %s", async (layer, expected) => {
    const found = await channels(layer);
    const means = found.map(({ gradient: slopes }) => slopes.reduce((sum, dy) => sum + dy) / 4);
    expect(means).toEqual(expected);
  });

  test.each(["conv1", "relu1"])(
    "gradients times activations at %s sum to the output",
    async (layer) => {
      const found = await channels(layer);
      const places = [0, 1, 2, 3].map((place) =>
        found.reduce(
          (sum, { activation, gradient: dy }) => sum + activation[place]! * dy[place]!,
          0,
        ),
      );
      expect(places).toEqual([0, 4, 25, 25]);
    },
  );

  test("input one brighter: Grad-CAM and guided backpropagation", async () => {
    const picture = counted(1);
    const [map] = await gradCam(model, picture, { ...options, layer: "conv1" });
    expect(Array.from(map!.data)).toEqual([14.5, 19, 32.5, 37]);
    const found = await bent(guidedBackpropagation, picture);
    expect(Array.from(found.slice(0, 8))).toEqual([1, 2, 2, 1, 2, 4, 4, 2]);
  });
});
