import { describe, expect, test } from "vitest";
import { loadGoldenModel } from "../../test/goldens/load.ts";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { cut } from "../graph/edit.ts";
import { tensor, toNumbers } from "../graph/tensor.ts";
import { preprocessings } from "../image/preprocess.ts";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { maximize, type MaximizeOptions, type VisualizedNetwork } from "./maximize.ts";
import { visualized } from "./visualized-network.ts";
import * as objectives from "./objectives.ts";
import type { Objective } from "./objectives.ts";
import type { PictureSize } from "./parameterizations.ts";
import { presets, type Preset } from "./presets.ts";
import { objectiveOf } from "./unit-objective.ts";

/** Networks of the golden set with a layer of theirs. */
const networks = [
  { name: "mnist", layer: "/3/Relu_output_0", logits: "/8/Gemm_output_0" },
  { name: "vgg", layer: "/features/features.8/Relu_output_0", logits: "output" },
  { name: "resnet", layer: "/5/relu_2/Relu_output_0", logits: "output" },
  { name: "inception", layer: "/6/Concat_output_0", logits: "output" },
  {
    name: "regnet",
    layer: "/trunk_output/block2/block2-2/activation/Relu_output_0",
    logits: "output",
  },
  { name: "shufflenet-v2", layer: "/conv5/conv5.2/Relu_output_0", logits: "output" },
] as const;

const runtime = createNodeRuntime();

function open(name: string): { network: VisualizedNetwork; size: PictureSize } {
  const model = new Model(decodeOnnx(loadGoldenModel(name)), runtime);
  const [, channels, heightPx, widthPx] = model.inputDims();
  const plain = Array.from({ length: channels }, (_, c) => c);
  const scaling = { order: plain, gain: plain.map(() => 4), offset: plain.map(() => -2) };
  const network = { runtime, scaling, at: (dims: readonly number[]) => model.at(dims) };
  return { network, size: { channels: channels as 1 | 3, heightPx, widthPx } };
}

/** Activations of a layer for a picture of waves. */
async function waves(network: VisualizedNetwork, layer: string, size: PictureSize) {
  const dims = [1, size.channels, size.heightPx, size.widthPx];
  const traced = await network.at(dims, [layer]);
  const length = dims.reduce((product, dim) => product * dim, 1);
  const data = Float32Array.from({ length }, (_, i) => Math.sin(i / 3));
  const graph = cut(traced, { outputs: [layer] });
  const results = await runtime.run(graph, {
    [graph.inputs[0]!.name]: tensor("float32", dims, data),
  });
  const found = results[layer]!;
  return { dims: found.dims.slice(1), data: found.data as Float32Array };
}

/** Small steps without transforms: what rises is what the score is measured on. */
const parameterizations: Readonly<Record<string, Preset>> = {
  pixels: {
    ...presets.chollet,
    steps: 16,
    optimizer: { name: "normalized-ascent", rate: 0.001 },
  },
  fourier: {
    ...presets.natural,
    steps: 16,
    transforms: {},
    optimizer: { name: "adam", rate: 0.01 },
  },
  maco: { ...presets.maco, steps: 16, transforms: {}, optimizer: { name: "nadam", rate: 0.05 } },
};

describe.each(networks)("maximize on $name", ({ name, layer, logits }) => {
  const { network, size } = open(name);
  const makers: Readonly<Record<string, () => Promise<readonly Objective[]>>> = {
    channel: async () => [objectives.channel(layer, 0), objectives.channel(layer, 3)],
    neuron: async () => [objectives.neuron(layer, 2)],
    logit: async () => [objectives.channel(logits, 1)],
    "log-odds": async () => [objectives.logOdds(logits, 1)],
    direction: async () => [await directionOf()],
    cosine: async () => [cosineOf()],
    "cosine at a place": async () => [cosineOf([1, 1])],
    interpolation: async () => [objectives.interpolation(layer, 0, 1, 0.5)],
    deepDream: async () => [objectives.deepDream(layer)],
    inversion: async () => [objectives.inversion(layer, await waves(network, layer, size))],
    caricature: async () => [objectives.caricature(layer, await waves(network, layer, size))],
    diversity: async () => [objectives.diversity(layer), objectives.diversity(layer)],
    alignment: async () =>
      [0, 1].map((index) =>
        objectives.sum([
          { objective: objectives.channel(layer, index), weight: 1 },
          { objective: objectives.alignment(layer), weight: 0.1 },
        ]),
      ),
    minimized: async () => [objectives.minimized(objectives.channel(logits, 2))],
    sum: async () => [
      objectives.sum([
        { objective: objectives.channel(layer, 1), weight: 1 },
        { objective: objectives.neuron(layer, 2), weight: 0.1 },
      ]),
    ],
  };

  async function directionOf(): Promise<Objective> {
    const channels = (
      await network.at([1, size.channels, size.heightPx, size.widthPx], [layer])
    ).shapes.get(layer)!.dims[1]!;
    return objectives.direction(
      layer,
      Array.from({ length: channels }, (_, i) => Math.cos(i)),
    );
  }

  function cosineOf(place?: readonly number[]): Objective {
    const weightsOf = (channels: number) =>
      Float32Array.from({ length: channels }, (_, i) => 1 + Math.cos(i));
    return objectives.cosineDirection(layer, "direction", weightsOf, { power: 2, place });
  }

  test.each(Object.keys(makers))("%s rises, whatever the parameterisation", async (kind) => {
    for (const preset of Object.values(parameterizations)) {
      const units = await maximize(network, await makers[kind]!(), { preset, size, seed: 1 });
      for (const unit of units) expect(unit.activation).toBeGreaterThan(unit.start);
    }
  });
});

describe("a run", () => {
  const { network, size } = open("vgg");
  const layer = networks[1].layer;
  const options: MaximizeOptions = { preset: { ...presets.natural, steps: 4 }, size, seed: 7 };

  test("gives the same bytes again", async () => {
    const units = () => maximize(network, [objectives.channel(layer, 1)], options);
    const [first, second] = [await units(), await units()];
    expect(first[0]!.picture).toEqual(second[0]!.picture);
    expect(first[0]!.activation).toBe(second[0]!.activation);
  });

  test("reports the activation that the stored picture gives", async () => {
    const [unit] = await maximize(network, [objectives.channel(layer, 1)], options);
    const dims = [1, size.channels, size.heightPx, size.widthPx];
    const graph = cut(await network.at(dims, [layer]), { outputs: [layer] });
    const fed = tensor("float32", dims, unit!.input);
    const { [layer]: found } = await runtime.run(graph, { [graph.inputs[0]!.name]: fed });
    const plane = found!.dims[2]! * found!.dims[3]!;
    const channel = (found!.data as Float32Array).subarray(plane, 2 * plane);
    const mean = channel.reduce((sum, value) => sum + value, 0) / plane;
    expect(Math.abs(mean - unit!.activation)).toBeLessThan(1e-5 * Math.abs(mean));
  });

  test("stops when it is told to", async () => {
    const stop = { aborted: false };
    const running = maximize(network, [objectives.channel(layer, 1)], {
      ...options,
      signal: stop,
      onStep: () => {
        stop.aborted = true;
      },
    });
    await expect(running).rejects.toMatchObject({ code: "aborted" });
  });

  test("refuses a channel that the layer does not have", async () => {
    const running = maximize(network, [objectives.channel(layer, 9999)], options);
    await expect(running).rejects.toThrow(/channel must be a whole number from 0 to \d+, got 9999/);
  });
});

test("the evidence for a class is its logit plus its log-odds; all else is as told", async () => {
  const { network, size } = open("mnist");
  const layer = networks[0].logits;
  const unit = { layer, channel: 4, class: 4 };
  const goal = { negative: false, oneUnit: false } as const;
  const dims = [1, size.channels, size.heightPx, size.widthPx];
  const graph = cut(await network.at(dims, [layer]), { outputs: [layer] });
  const preset = { ...parameterizations["pixels"]!, steps: 1 };
  const scoreOf = async (objective: Objective) =>
    (await maximize(network, [objective], { preset, size }))[0]!;
  const evidence = objectiveOf(unit, { ...goal, classScore: "evidence" });
  const made = await scoreOf(evidence);
  const { [layer]: found } = await runtime.run(graph, {
    [graph.inputs[0]!.name]: tensor("float32", dims, made.input),
  });
  const logits = toNumbers(found!);
  const others = logits.filter((_, index) => index !== 4).map(Math.exp);
  const expected = 2 * logits[4]! - Math.log(others.reduce((total, x) => total + x, 0));
  expect(made.activation).toBeCloseTo(expected, 4);
  const description = (...args: Parameters<typeof objectiveOf>) => objectiveOf(...args).description;
  expect(evidence.description).not.toBe(description(unit, goal));
  expect(description(unit, { ...goal, classScore: "logit" })).toBe(description(unit, goal));
  const sides = { ...goal, oneUnit: true, classScore: "evidence" } as const;
  expect(description(unit, sides)).toBe(description(unit, { ...goal, oneUnit: true }));
});

test("a layer that has reached the bound of its ReLU6 everywhere is still maximised", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 8, 8]);
  const kernel = b.constant([100, 0, 0, 0], [1, 1, 2, 2]);
  const bias = b.constant([10], [1]);
  b.output(b.op("Clip", [b.op("Conv", [x, kernel, bias]), b.scalar(0), b.scalar(6)], {}, "layer"));
  const model = new Model(b.build(), runtime);
  const network = visualized(model, preprocessings.unit);
  const size = { channels: 1, heightPx: 8, widthPx: 8 } as const;
  const preset = parameterizations["pixels"]!;
  const [unit] = await maximize(network, [objectives.channel("layer", 0)], { preset, size });
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value) / 64;
  const [start] = await maximize(network, [objectives.channel("layer", 0)], {
    preset: { ...preset, steps: 1 },
    size,
  });
  expect([unit!.start, unit!.activation]).toEqual([6, 6]);
  expect(mean(unit!.picture)).toBeGreaterThan(mean(start!.picture) + 0.005);
});
