/** @file What objectives do not weigh is left out, and their pictures are the same. */
import { array, assert, asyncProperty, nat } from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { cut } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import { elementCount, tensorOf } from "../graph/tensor.ts";
import { preprocessings } from "../image/preprocess.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { maximize } from "./maximize.ts";
import { neededChannels } from "./needed-channels.ts";
import * as objectives from "./objectives.ts";
import type { Objective } from "./objectives.ts";
import { presets, type PresetName } from "./presets.ts";
import { visualized } from "./visualized-network.ts";

const size = { channels: 3, heightPx: 8, widthPx: 8 } as const;
const count = 9;

/** A layer "joined" of two branches, 4 and 5 channels, and 6 logits of its means. */
function network(seed: number): Model {
  const b = new GraphBuilder();
  const random = randomStream("needed channels", seed);
  const weights = (dims: readonly number[]) => {
    const numbers = Array.from({ length: elementCount(dims) }, () => random.normal());
    return b.initializer("w", tensorOf("float32", dims, numbers));
  };
  const x = b.input("x", [1, 3, 8, 8]);
  const stem = b.op("Relu", [b.op("Conv", [x, weights([6, 3, 3, 3]), weights([6])])]);
  const one = b.op("LeakyRelu", [b.op("Conv", [stem, weights([4, 6, 1, 1]), weights([4])])]);
  const pooled = b.op("MaxPool", [stem], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  const other = b.op("LeakyRelu", [b.op("Conv", [pooled, weights([5, 6, 1, 1])])]);
  const joined = b.op("Concat", [one, other], { axis: 1 }, "joined");
  const means = b.op("Flatten", [b.op("GlobalAveragePool", [joined])]);
  b.output(b.op("Gemm", [means, weights([6, count]), weights([6])], { transB: 1 }, "logits"));
  return new Model(b.build(), createReferenceRuntime());
}

const cosineOf = (i: number) => {
  const weightsOf = () => Float32Array.from({ length: count }, (_, c) => (c === i ? 1 : 0));
  return objectives.cosineDirection("joined", String(i), weightsOf, { power: 2 });
};

/** Kinds of objectives of channels or logits `i` and `j`, which may be the same. */
const kinds: Readonly<Record<string, (i: number, j: number) => Objective>> = {
  channel: (i) => objectives.channel("joined", i),
  logit: (i) => objectives.channel("logits", i % 6),
  neuron: (i, j) => objectives.neuron("joined", i, j % 6, i % 6),
  "central unit": (i) => objectives.centralUnit("joined", i),
  interpolation: (i, j) => objectives.interpolation("joined", i, j, 0.25),
  "direction with zeros": (i, j) =>
    objectives.direction(
      "joined",
      Array.from({ length: count }, (_, c) => (c === i ? 2 : c === j ? -1 : 0)),
    ),
  "one logit minus another": (i, j) =>
    objectives.combination("logits", [i % 6], [(i + 1 + (j % 5)) % 6]),
  "cosine of a channel": (i) => cosineOf(i),
  "cosine of a direction with zeros": (i, j) =>
    objectives.cosineDirection(
      "joined",
      "direction",
      () => Float32Array.from({ length: count }, (_, c) => (c === i ? 2 : c === j ? -1 : 0)),
      { power: 2 },
    ),
  "log-odds and the logit": (i) =>
    objectives.sum([
      { objective: objectives.channel("logits", i % 6), weight: 1 },
      { objective: objectives.logOdds("logits", i % 6), weight: 1 },
    ]),
  "made of a channel, built in another way": (i) => ({
    ...objectives.channel("joined", i),
    signature: "squares",
    build: ({ b, layer }) =>
      b.reduceMean(b.mul(layer("joined"), layer("joined")), [1, 2, 3], false),
  }),
  least: (i) => objectives.minimized(objectives.channel("joined", i)),
  "sum of two": (i, j) =>
    objectives.sum([
      { objective: objectives.channel("joined", i), weight: 1 },
      { objective: objectives.neuron("joined", j), weight: 0.3 },
    ]),
};

/** As it would be if all channels mattered. */
function ofWhole(objective: Objective): Objective {
  return { ...objective, build: (context) => objective.build(context) };
}

describe.each(Object.entries(kinds))("%s", (_, objectiveOf) => {
  test.each<PresetName>(["natural", "chollet"])(
    "%s: the same pictures and activations",
    async (preset) => {
      const pair = array(nat(count - 1), { minLength: 2, maxLength: 2 });
      await assert(
        asyncProperty(
          array(pair, { minLength: 1, maxLength: 3 }),
          nat(1000),
          async (pairs, seed) => {
            const seen = visualized(network(seed), preprocessings.unit);
            const asked = pairs.map(([i, j]) => objectiveOf(i!, j!));
            const options = { preset: presets[preset], size, seed, steps: 3 };
            const own = await maximize(seen, asked, options);
            const whole = await maximize(seen, asked.map(ofWhole), options);
            for (const [unit, { picture, activation, start }] of own.entries()) {
              expect(activation).toBeCloseTo(whole[unit]!.activation, 4);
              expect(start).toBeCloseTo(whole[unit]!.start, 4);
              const gaps = picture.map((value, at) => Math.abs(value - whole[unit]!.picture[at]!));
              expect(gaps.toSorted()[Math.floor(0.99 * gaps.length)]).toBeLessThan(1e-4);
            }
          },
        ),
        { numRuns: 3 },
      );
    },
  );
});

/** The network cut at what an objective reads. */
async function cutFor(objective: Objective): Promise<Graph> {
  const { layers } = objective;
  return cut(await network(1).at([1, 3, 8, 8]), { outputs: layers });
}

test("of branches and kernels only those are left that an objective weighs", async () => {
  const objective = objectives.channel("joined", 5);
  const { graph } = neededChannels(await cutFor(objective), [objective]);
  expect(graph.shapes.get("joined")!.dims).toEqual([1, 1, 6, 6]);
  expect(graph.nodes.map(({ operator }) => operator)).toEqual([
    "Conv",
    "Relu",
    "MaxPool",
    "Conv",
    "LeakyRelu",
    "Concat",
  ]);
  expect(graph.initializers.get(graph.nodes[3]!.inputs[1]!)!.dims).toEqual([1, 6, 1, 1]);
});

test.each([
  objectives.logOdds("logits", 1),
  objectives.deepDream("joined"),
  cosineOf(3),
  objectives.diverse(objectives.channel("joined", 1), "joined"),
  objectives.direction("joined", Array<number>(count).fill(1)),
  objectives.sum([
    { objective: objectives.channel("joined", 1), weight: 1 },
    { objective: objectives.channel("logits", 1), weight: 1 },
  ]),
])("$signature keeps the network, as it reads all of it", async (objective) => {
  const whole = await cutFor(objective);
  expect(neededChannels(whole, [objective]).graph).toBe(whole);
  const beside = objectives.channel(objective.layers[0]!, 0);
  expect(neededChannels(whole, [beside, objective]).graph).toBe(whole);
});

test("a unit that there is not is refused as by the whole network", async () => {
  const objective = objectives.channel("joined", count);
  const whole = await cutFor(objective);
  expect(() => neededChannels(whole, [objective])).toThrow(
    'channel "joined": channel must be a whole number from 0 to 8, got 9',
  );
});
