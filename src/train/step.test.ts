/** @file One step against PyTorch's gradients of the golden networks. */
import { expect, test } from "vitest";
import { goldenManifest, loadGoldenModel, loadGoldenTensors } from "../../test/goldens/load.ts";
import { smallNetwork } from "../../test/small-trainable.ts";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import type { Graph } from "../graph/graph.ts";
import { headOf } from "../network/head.ts";
import { tensor, toNumbers, type Tensor } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { fullBatch } from "./full-batch.ts";
import { crossEntropy } from "./losses.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { sgd } from "../optimize/sgd.ts";
import { buildTrainingStep, startState, stepFeeds, type StepDesign } from "./step.ts";

const runtime = createNodeRuntime({ threads: 2 });

/** A traced graph whose named initializers are parameters. */
function asTrainable(graph: Graph, names: readonly string[]): TrainableNetwork {
  const input = graph.inputs[0]!.name;
  const parameters = new Map(names.map((name) => [name, graph.initializers.get(name)!]));
  const open = new Map(graph.initializers);
  for (const name of names) open.delete(name);
  const body: Graph = {
    ...graph,
    inputs: [
      ...graph.inputs,
      ...[...parameters].map(([name, { type, dims }]) => ({ name, type, dims })),
    ],
    initializers: open,
    shapes: new Map([...graph.shapes, ...parameters]),
  };
  const [, ...dims] = graph.shapes.get(input)!.dims;
  return {
    inputDims: dims as [number, number, number],
    classes: graph.outputs[0]!.dims![1] as number,
    activation: "softmax",
    parameters,
    memory: new Map(),
    decayed: new Set(),
    build: (b, pictures, values) => {
      b.scope = "network/";
      const bound = new Map([...values, [input, pictures] as const]);
      const logits = b.embed(body, bound).get(headOf(graph).logits)!;
      return { logits, memory: new Map(), random: [] };
    },
  };
}

/** Mean of -log(probability of the label), from golden outputs. */
function paperLoss(output: Tensor, labels: readonly number[], softmaxInside: boolean): number {
  const rows = labels.map((label, row) => {
    const classes = output.dims[1]!;
    const z = toNumbers(output).slice(row * classes, (row + 1) * classes);
    if (softmaxInside) return -Math.log(z[label]!);
    return Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0)) - z[label]!;
  });
  return rows.reduce((a, b) => a + b) / rows.length;
}

const prefix = "parameter_gradient/";

test.each(["mnist", "vgg"])("loss and gradients of %s are PyTorch's", async (name) => {
  const golden = loadGoldenTensors(name);
  const pictures = golden["input"]!;
  const names = Object.keys(golden)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  const graph = await new Model(decodeOnnx(loadGoldenModel(name)), runtime).at(pictures.dims);
  const network = asTrainable(graph, names);
  const design: StepDesign = {
    network,
    batchSize: 2,
    loss: crossEntropy(),
    optimizer: sgd({ momentum: 0.9 }),
  };
  const step = buildTrainingStep(design);
  const labels = Int32Array.from(toNumbers(golden["target"]!));
  const source = { pictures, labels, indices: labels };
  const batch = fullBatch(source, 2, network.inputDims, 10);
  const feeds = stepFeeds(design, step, startState(design), batch, { seed: 0, step: 1, rate: 0.5 });
  const results = await runtime.run(step.graph, feeds);
  const softmaxInside = goldenManifest[name]!.softmax_inside;
  const wanted = paperLoss(golden["output"]!, [...labels], softmaxInside);
  expect(toNumbers(results["loss"]!)[0]).toBeCloseTo(wanted, 4);
  for (const parameter of names) {
    const gradient = results[step.state.get(`slot/velocity/${parameter}`)!]!;
    const reference = golden[`${prefix}${parameter}`]!;
    expect(gradient, parameter).toBeWithinL2(reference, 1e-4);
    const start = toNumbers(network.parameters.get(parameter)!);
    const moved = toNumbers(results[step.state.get(`parameter/${parameter}`)!]!);
    const slope = toNumbers(reference);
    expect(moved).toBeAllclose(
      start.map((value, i) => value - 0.5 * slope[i]!),
      { atol: 1e-5 },
    );
  }
});

/** A batch of the small network's pictures. */
function drawnBatch(examples: number) {
  const stream = randomStream("pictures", examples);
  const data = Float32Array.from({ length: examples * 72 }, () => stream.normal());
  const labels = Int32Array.from({ length: examples }, () => stream.below(3));
  return { pictures: tensor("float32", [examples, 2, 6, 6], data), labels, indices: labels };
}

async function stepOn(examples: number, rows: number) {
  const design: StepDesign = {
    network: smallNetwork(),
    batchSize: rows,
    loss: crossEntropy(),
    optimizer: sgd(),
  };
  const step = buildTrainingStep(design);
  const batch = fullBatch(drawnBatch(examples), rows, [2, 6, 6], 3);
  const feeds = stepFeeds(design, step, startState(design), batch, { seed: 0, step: 1, rate: 1 });
  const results = await runtime.run(step.graph, feeds);
  const state = [...step.state].map(([name, output]) => [name, results[output]!] as const);
  return { loss: results["loss"]!, correct: results["correct"]!, state: new Map(state) };
}

test("rows that fill a batch up change nothing", async () => {
  const plain = await stepOn(3, 3);
  const filled = await stepOn(3, 7);
  expect(filled.loss).toBeAllclose(plain.loss, { rtol: 1e-6 });
  expect(filled.correct).toBeAllclose(plain.correct);
  for (const [name, value] of plain.state) {
    expect(filled.state.get(name)!, name).toBeAllclose(value, { rtol: 1e-5, atol: 1e-7 });
  }
});

test("frozen parameters are constants", () => {
  const design: StepDesign = {
    network: smallNetwork(),
    batchSize: 2,
    loss: crossEntropy(),
    optimizer: sgd({ momentum: 0.5 }),
    frozen: new Set(["conv/kernel", "conv/bias"]),
  };
  const { graph, state } = buildTrainingStep(design);
  expect(graph.initializers.has("parameter/conv/kernel")).toBe(true);
  expect([...state.keys()].sort()).toEqual(Object.keys(startState(design)).sort());
  expect([...state.keys()].sort()).toEqual([
    "parameter/dense/bias",
    "parameter/dense/kernel",
    "slot/velocity/dense/bias",
    "slot/velocity/dense/kernel",
  ]);
});

test("frozen names are parameters, and one parameter is left", () => {
  const network = smallNetwork();
  const freeze = (names: Iterable<string>) => () => {
    const frozen = new Set(names);
    buildTrainingStep({ network, batchSize: 2, loss: crossEntropy(), optimizer: sgd(), frozen });
  };
  expect(freeze(["conv/kernal"])).toThrow(
    'train: frozen names must be parameters (conv/kernel, conv/bias, dense/kernel, dense/bias), got "conv/kernal".',
  );
  expect(freeze(network.parameters.keys())).toThrow(
    "train: a parameter must be left to train, got 4 of 4 frozen.",
  );
});

test("a batch must fit the network", () => {
  const batch = drawnBatch(3);
  expect(() => fullBatch(batch, 3, [1, 6, 6], 3)).toThrow(
    "train: pictures of a batch must be float32 [3, 1, 6, 6], got float32 [3, 2, 6, 6].",
  );
  expect(() => fullBatch(batch, 2, [2, 6, 6], 3)).toThrow("at most 2 examples, got 3");
  const labels = Int32Array.of(0, 5, 1);
  expect(() => fullBatch({ ...batch, labels }, 3, [2, 6, 6], 3)).toThrow(
    "train: labels must be classes 0 to 2, got 5.",
  );
});
