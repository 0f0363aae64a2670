/** @file The toy network of Captum's tests: pixel maps that can be worked out by hand. */
import { afterAll, describe, expect, test } from "vitest";
import { attributionMethods } from "../src/attribution/index.ts";
import type { AttributionOptions } from "../src/attribution/method.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { tensorOf } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { counted, toyNetwork } from "./toy-network.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());
const model = new Model(toyNetwork(), runtime);
const input = counted(0);

async function mapOf(
  method: keyof typeof attributionMethods,
  options: Partial<AttributionOptions> = {},
) {
  const [map] = await attributionMethods[method].run(model, input, { targets: [0], ...options });
  return map!;
}

/** The closed form: x_p * sum over places u that cover p of w_u * max(0, 1 - |bias_u| / s_u). */
function exactIntegratedGradients(): number[] {
  return Array.from({ length: 16 }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / 4), pixel % 4];
    let sum = 0;
    for (const [channel, bias] of [50, 75].entries()) {
      for (let place = 0; place < 4; place++) {
        const [top, left] = [place >> 1, place & 1];
        if (y < top || y > top + 2 || x < left || x > left + 2) continue;
        const window = 9 * (4 * (top + 1) + left + 1);
        const weight = channel * 4 + place < 5 ? 1 : -1;
        sum += weight * Math.max(0, 1 - bias / window);
      }
    }
    return pixel * sum;
  });
}

describe("toy network", () => {
  test.each([
    ["input-x-gradient", [0, 1, 2, 3, 0, 5, 6, 7, 0, 9, 10, 11, 0, 0, 0, 0]],
    ["guided-backprop", [0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1]],
    ["deconvolution", [2, 3, 3, 1, 3, 5, 5, 2, 3, 5, 5, 2, 1, 2, 2, 1]],
    ["rectified", [2, 3, 3, 1, 3, 5, 5, 2, 3, 5, 5, 2, 1, 2, 2, 1]],
  ] as const)("%s", async (method, expected) => {
    expect(Array.from((await mapOf(method)).data)).toEqual(expected);
  });

  test("Guided Grad-CAM, enlarged as Captum does", async () => {
    const map = await mapOf("guided-grad-cam", { layer: "relu1", variant: "captum" });
    const expected = [0, 0, 4, 4, 0, 0, 12, 8, 28, 84, 97.5, 65, 28, 56, 65, 32.5];
    expect(Array.from(map.data)).toEqual(expected);
    expect(map).toMatchObject({ dims: [1, 4, 4], layer: "relu1", method: "guided-grad-cam" });
  });

  test("Integrated Gradients, refined to its closed form", async () => {
    const map = await mapOf("integrated-gradients", { tolerance: 1e-4 });
    const sum = map.data.reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(54, 2);
    expect(map.data).toBeAllclose(exactIntegratedGradients(), { rtol: 1e-3, atol: 1e-3 });
    expect(map.warnings).toEqual([]);
    expect(map.figures!["gradients"]).toBeLessThan(300);
  });

  test.each([
    [20, 4.05],
    [50, -0.18],
    [100, -0.81],
    [256, -0.04],
    [1000, -0.05],
  ])("Integrated Gradients of %d midpoints are off by %d", async (steps, delta) => {
    const map = await mapOf("integrated-gradients", { steps });
    expect(map.figures).toMatchObject({ steps, gradients: steps });
    // The published figures have two decimals; float32 moves one that is rounded from -0.045.
    expect(Math.abs(map.figures!["delta"]! - delta)).toBeLessThan(0.0051);
    expect(map.warnings.map(({ cause }) => cause)).toEqual(
      Math.abs(delta) > 0.54 ? ["incomplete"] : [],
    );
  });
});

test("keras-vis's network of two inputs: Guided Backprop is 0 where the inputs are negative", async () => {
  const b = new GraphBuilder();
  const flat = b.op("Flatten", [b.input("x", [1, 1, 1, 2])]);
  const hidden = b.op("Relu", [b.op("MatMul", [flat, b.constant([-1, 1, -1, 1], [2, 2])])]);
  b.output(b.op("MatMul", [hidden, b.constant([-1, 1], [2, 1])]));
  const small = new Model(b.build(), runtime, { kind: "yes-no" });
  const slopes = async (method: "gradient" | "guided-backprop", picture: readonly number[]) => {
    const pictures = tensorOf("float32", [1, 1, 1, 2], picture);
    const [map] = await attributionMethods[method].run(small, pictures, { targets: [1] });
    return Array.from(map!.data);
  };
  expect(await slopes("guided-backprop", [-1, -2])).toEqual([0, 0]);
  expect(await slopes("gradient", [-1, -2])).toEqual([1, 1]);
  expect(await slopes("guided-backprop", [1, 2])).toEqual([1, 1]);
});
