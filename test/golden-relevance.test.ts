/** @file LRP on the golden networks: LRP-0 against Captum's input x gradient, every composite where it applies, and where it does not. */
import { afterAll, describe, expect, test } from "vitest";
import { lrp, type LrpOptions } from "../src/attribution/relevance/lrp.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { toNumbers } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { loadGoldenModel, loadGoldenTensors } from "./goldens/load.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

function relevanceOf(name: string, options: Partial<LrpOptions>) {
  const model = new Model(decodeOnnx(loadGoldenModel(name)), runtime);
  const { input, target } = loadGoldenTensors(name);
  return lrp(model, input!, { targets: toNumbers(target!), ...options });
}

const rectified = ["vgg", "vgg-bn", "resnet", "densenet", "shufflenet-v2", "squeezenet"];
/** With local response and layer normalisation, gates, and activations that are no ReLU; or no golden map. */
const others = [
  "mnist",
  "inception",
  "mobilenet-v2",
  "mobilenet-v3",
  "efficientnet",
  "regnet",
  "convnext",
];

test.each(rectified)("%s: LRP-0 is input x gradient, whatever the biases", async (name) => {
  const maps = await relevanceOf(name, { rule: "epsilon", epsilon: 1e-12 });
  const found = maps.flatMap((map) => Array.from(map.data));
  const { input_x_gradient: expected } = loadGoldenTensors(name);
  expect(found).toBeWithinL2(toNumbers(expected!), 1e-4);
});

describe.each([...rectified, ...others])("%s", (name) => {
  test.each(["epsilon-plus", "epsilon-gamma-box", "epsilon-alpha2-beta1-flat"])(
    "%s has finite relevance",
    async (rule) => {
      const maps = await relevanceOf(name, { rule });
      for (const { data, logit, figures, warnings } of maps) {
        const mass = data.reduce((total, value) => total + Math.abs(value), 0);
        const sum = data.reduce((total, value) => total + value, 0);
        expect(mass).toBeGreaterThan(0);
        expect(mass).toBeLessThan(1e3);
        const isOff = Math.abs(sum / logit - 1) > 0.05;
        expect(warnings.map(({ cause }) => cause)).toEqual(isOff ? ["incomplete"] : []);
        expect(figures!["conserved"]).toBeCloseTo(sum / logit, 5);
      }
    },
  );
});

test.each([
  ["vit", "MatMul of computed values"],
  ["swin", "MatMul of computed values"],
  ["decoder", "Sqrt"],
])("%s is refused for %s", async (name, operator) => {
  await expect(relevanceOf(name, {})).rejects.toMatchObject({
    code: "unsupported-operator",
    message: expect.stringContaining(`got ${operator} ("`) as string,
  });
});

test("a probability is refused: its softmax shares nothing out", async () => {
  const model = new Model(decodeOnnx(loadGoldenModel("mnist")), runtime, { keepActivation: true });
  const { input } = loadGoldenTensors("mnist");
  const refusal = lrp(model, input!, { targets: [0] });
  await expect(refusal).rejects.toThrow('must have a relevance rule, got Softmax ("');
});
