/** @file The 16 golden networks: outputs and gradients as PyTorch and Captum computed them. */
import { beforeAll, describe, expect, test } from "vitest";
import { differentiate } from "../src/autodiff/differentiate.ts";
import { deconvolution, guidedBackpropagation } from "../src/autodiff/overrides.ts";
import type { RuleTable } from "../src/autodiff/rule.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensor, type Tensor } from "../src/graph/tensor.ts";
import { trace } from "../src/graph/trace.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import { goldenManifest, goldenNames, loadGoldenModel, loadGoldenTensors } from "./goldens/load.ts";
import { createWebRuntime } from "../src/runtime/onnxruntime-web.ts";

const runtimes: Readonly<Record<string, () => Promise<Runtime>>> = {
  "onnxruntime-node": () => Promise.resolve(createNodeRuntime()),
  "onnxruntime-web in Node": () => createWebRuntime({ provider: "wasm" }),
};

/** The traced network with the sum of the target outputs as its last output. */
async function withObjective(
  runtime: Runtime,
  name: string,
): Promise<{ graph: Graph; of: string }> {
  const tensors = loadGoldenTensors(name);
  const graph = decodeOnnx(loadGoldenModel(name));
  const traced = await trace(graph, { input: tensors["input"]! }, (probe, feeds) =>
    runtime.run(probe, feeds),
  );
  const b = new GraphBuilder(traced);
  const chosen = b.op("GatherElements", [b.value("output"), targetIndices(b, tensors)], {
    axis: 1,
  });
  const objective = b.reduceSum(chosen, [0, 1], false);
  b.output(b.value("output"));
  b.output(objective);
  return { graph: b.build(), of: objective.name };
}

function targetIndices(b: GraphBuilder, tensors: Readonly<Record<string, Tensor>>) {
  const target = Array.from(tensors["target"]!.data as ArrayLike<number | bigint>, Number);
  return b.constant(target, [target.length, 1], "int64");
}

describe.each(Object.keys(runtimes))("on %s", (kind) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await runtimes[kind]!();
  });

  test.each(goldenNames)("%s: output and input gradient", async (name) => {
    const golden = loadGoldenTensors(name);
    const { graph, of } = await withObjective(runtime, name);
    const result = differentiate(graph, { of, wrt: ["input"] });
    const outputs = await runtime.run(result.graph, { input: golden["input"]! });
    expect(outputs["output"]).toBeWithinL2(golden["output"]!, 1e-5);
    const gradient = outputs[result.gradients.get("input")!]!;
    expect(gradient).toBeWithinL2(golden["input_gradient"]!, 1e-4);
    await runtime.release();
  });

  const camNames = goldenNames.filter((name) => goldenManifest[name]!.cam_layer !== undefined);
  test.each(camNames)("%s: gradient of an inner layer", async (name) => {
    const golden = loadGoldenTensors(name);
    const layer = goldenManifest[name]!.cam_layer!;
    const { graph, of } = await withObjective(runtime, name);
    const result = differentiate(graph, { of, wrt: [layer] });
    const outputs = await runtime.run(result.graph, { input: golden["input"]! });
    const gradient = outputs[result.gradients.get(layer)!]!;
    expect(gradient).toBeWithinL2(golden["cam_layer_gradient"]!, 1e-4);
    await runtime.release();
  });

  const reluNames = goldenNames.filter((name) => "guided_backprop" in loadGoldenTensors(name));
  const methods: Readonly<Record<string, RuleTable>> = {
    guided_backprop: guidedBackpropagation,
    deconvolution,
  };
  test.each(
    reluNames.flatMap((name) => Object.keys(methods).map((method) => [name, method] as const)),
  )("%s: %s", async (name, method) => {
    const golden = loadGoldenTensors(name);
    const { graph, of } = await withObjective(runtime, name);
    const result = differentiate(graph, { of, wrt: ["input"], rules: methods[method]! });
    const outputs = await runtime.run(result.graph, { input: golden["input"]! });
    expect(outputs[result.gradients.get("input")!]).toBeWithinL2(golden[method]!, 1e-4);
    await runtime.release();
  });
});

/** Mean cross-entropy of the two rows; a network that ends in its own softmax gives probabilities. */
function withCrossEntropy(
  graph: Graph,
  tensors: Readonly<Record<string, Tensor>>,
  softmaxInside: boolean,
) {
  const b = new GraphBuilder(graph);
  const output = b.value("output");
  const logarithms = softmaxInside
    ? b.op("Log", [output])
    : b.op("LogSoftmax", [output], { axis: -1 });
  const chosen = b.op("GatherElements", [logarithms, targetIndices(b, tensors)], { axis: 1 });
  const loss = b.neg(b.reduceMean(chosen, [0, 1], false));
  return { graph: b.build(), of: loss.name };
}

describe("parameter gradients", () => {
  const runtime = createNodeRuntime();

  async function parameterGradients(name: string): Promise<ReadonlyMap<string, Tensor>> {
    const golden = loadGoldenTensors(name);
    const traced = await trace(
      decodeOnnx(loadGoldenModel(name)),
      { input: golden["input"]! },
      (probe, feeds) => runtime.run(probe, feeds),
    );
    const { graph, of } = withCrossEntropy(traced, golden, goldenManifest[name]!.softmax_inside);
    const floating = [...traced.initializers].filter(([, value]) => value.type === "float32");
    const wrt = floating.map(([weight]) => weight);
    const result = differentiate(graph, { of, wrt });
    const outputs = await runtime.run(result.graph, { input: golden["input"]! });
    await runtime.release();
    return new Map(wrt.map((weight) => [weight, outputs[result.gradients.get(weight)!]!]));
  }

  test.each(["mnist", "vgg"])("%s", async (name) => {
    const golden = loadGoldenTensors(name);
    const found = await parameterGradients(name);
    const wanted = Object.keys(golden).filter((key) => key.startsWith("parameter_gradient/"));
    expect(wanted.length).toBeGreaterThan(0);
    for (const key of wanted) {
      expect(found.get(key.replace("parameter_gradient/", ""))).toBeWithinL2(golden[key]!, 1e-4);
    }
  });

  // The exporter merged each batch normalisation into its convolution, w' = w * s and b' = beta - mean * s
  // with one s a channel: so db' must equal dbeta, and each channel of dw' must be parallel to that of dw.
  test("resnet, through merged batch normalisation", async () => {
    const golden = loadGoldenTensors("resnet");
    const found = await parameterGradients("resnet");
    expect(found.get("10.weight")).toBeWithinL2(golden["parameter_gradient/10.weight"]!, 1e-4);
    expect(found.get("10.bias")).toBeWithinL2(golden["parameter_gradient/10.bias"]!, 1e-4);
    const merged = [...found]
      .filter(([name]) => name.startsWith("onnx::Conv_"))
      .map(([, value]) => value);
    const biases = merged.filter((value) => value.dims.length === 1);
    const weights = merged.filter((value) => value.dims.length === 4);
    const originals = Object.entries(golden).filter(([key]) =>
      key.startsWith("parameter_gradient/"),
    );
    const betas = originals.filter(
      ([key, value]) => key.endsWith(".bias") && !key.includes("/10.") && value.dims.length === 1,
    );
    expect(betas.length).toBeGreaterThan(0);
    for (const [, beta] of betas) {
      const same = biases.filter((bias) => bias.dims[0] === beta.dims[0]);
      expect(Math.min(...same.map((bias) => relativeDistance(bias, beta)))).toBeLessThan(1e-4);
    }
    const kernels = originals.filter(([, value]) => value.dims.length === 4);
    expect(kernels.length).toBeGreaterThan(0);
    for (const [, kernel] of kernels) {
      const same = weights.filter((weight) => weight.dims.join() === kernel.dims.join());
      expect(
        Math.min(
          ...same.map((weight) => relativeDistance(normalizedRows(weight), normalizedRows(kernel))),
        ),
      ).toBeLessThan(1e-4);
    }
  });
});

function relativeDistance(a: Tensor, b: Tensor): number {
  const [x, y] = [a.data as Float32Array, b.data as Float32Array];
  return length(x.map((value, i) => value - y[i]!)) / Math.max(length(y), 1e-30);
}

function length(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** Every row (axis 0) divided by its own length. */
function normalizedRows(value: Tensor): Tensor {
  const rows = value.dims[0]!;
  const size = value.data.length / rows;
  const data = Float32Array.from(value.data as Float32Array);
  for (let row = 0; row < rows; row++) {
    const part = data.subarray(row * size, (row + 1) * size);
    const norm = Math.max(length(part), 1e-30);
    for (let i = 0; i < size; i++) part[i]! /= norm;
  }
  return tensor("float32", value.dims, data);
}
