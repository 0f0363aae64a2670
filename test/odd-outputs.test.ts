/** @file Outputs that look like others: costs, features, and pictures. */
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { readyModel } from "../src/app/open.ts";
import { gradient } from "../src/attribution/gradient/gradient.ts";
import { scoreRows } from "../src/attribution/perturbation/scored-rows.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensorOf, toNumbers } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { explainedModelOf } from "../src/scores/explained-model.ts";
import {
  copy,
  dense,
  drawn,
  endedNetwork,
  features,
  largest,
  logSum,
  picture,
  said,
  seeds,
  shares,
  softmax,
  untold,
  widths,
  type End,
} from "./output-networks.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

const logOfSum: End = (b, x) => b.op("Log", [b.reduceSum(b.op("Exp", [x]), [1])]);

const costs: Readonly<Record<string, End>> = {
  "-log-softmax": (b, x) => b.op("Neg", [b.op("LogSoftmax", [x], { axis: -1 })]),
  "-1 log(softmax)": (b, x) => b.mul(b.op("Log", [softmax(b, x)]), b.scalar(-1)),
  "0 - log-softmax": (b, x) => b.sub(b.scalar(0), b.op("LogSoftmax", [x], { axis: -1 })),
  "log2 of softmax by -ln 2": (b, x) =>
    b.op("Div", [b.op("Log", [softmax(b, x)]), b.scalar(-Math.LN2)]),
  "-softmax": (b, x) => b.op("Neg", [softmax(b, x)]),
  "logsumexp - x": (b, x) => b.sub(logSum(b, x), x),
  "log(sum(exp)) - x": (b, x) => b.sub(logOfSum(b, x), x),
  "largest + log(sum(exp(x - largest))) - x": (b, x) => {
    const most = largest(b, x);
    return b.sub(b.add(most, logOfSum(b, b.sub(x, most))), x);
  },
  "x - logsumexp": (b, x) => b.sub(x, logSum(b, x)),
  "(x - largest) - log(sum(exp(x - largest)))": (b, x) => {
    const shifted = b.sub(x, largest(b, x));
    return b.sub(shifted, logOfSum(b, shifted));
  },
};

test.each(Object.entries(costs))("%s: the most probable class is explained", async (_, end) => {
  await fc.assert(
    fc.asyncProperty(seeds, widths, async (seed, units) => {
      const { graph, logits } = await endedNetwork(runtime, seed, units, end);
      const model = new Model(graph, runtime);
      const [row] = await scoreRows(model, picture(seed), { targets: "top" });
      expect(row!.target).toBe(logits.indexOf(Math.max(...logits)));
      expect(row!.probability).toBeCloseTo(shares(logits)[row!.target]!, 4);
      expect(row!.score).toBeCloseTo(logits[row!.target]!, 3);
      expect(model.head.isAssumed).toBe(false);
    }),
    { numRuns: 5 },
  );
});

test.each<[string, (b: GraphBuilder, mixed: Value) => Value]>([
  ["-log", (b, mixed) => b.op("Neg", [b.op("Log", [mixed])])],
  ["log", (b, mixed) => b.op("Log", [mixed])],
  ["minus", (b, mixed) => b.op("Neg", [mixed])],
])("%s of two softmaxes: their mean is explained", async (_, end) => {
  await fc.assert(
    fc.asyncProperty(seeds, widths, async (seed, units) => {
      const b = new GraphBuilder();
      const seen = features(b, seed);
      const both = [0, 1].map(() => softmax(b, dense(b, seen, seed, units, 2)));
      const mixed = b.mul(b.add(both[0]!, both[1]!), b.scalar(0.5));
      copy(b, mixed, "p");
      copy(b, end(b, mixed), "y");
      const graph = b.build();
      const held = toNumbers((await runtime.run(graph, { x: picture(seed) }))["p"]!);
      const model = new Model(graph, runtime, { output: "y" });
      const [row] = await scoreRows(model, picture(seed), { targets: "top" });
      expect(row!.target).toBe(held.indexOf(Math.max(...held)));
      expect(row!.probability).toBeCloseTo(Math.max(...held), 4);
    }),
    { numRuns: 5 },
  );
});

describe("a row of numbers", () => {
  const normalised: End = (b, x) => {
    const [one, zero] = [1, 0].map((v) =>
      b.constant(Array<number>(x.dims[1]!).fill(v), [x.dims[1]!]),
    );
    return b.op("LayerNormalization", [x, one!, zero!], { axis: -1 });
  };
  const batch: End = (b, x) => {
    const of = (v: number) => b.constant(Array<number>(x.dims[1]!).fill(v), [x.dims[1]!]);
    return b.op("BatchNormalization", [x, of(1), of(0), of(0), of(1)]);
  };
  const silu: End = (b, x) => b.mul(x, b.op("Sigmoid", [x]));

  test.each<[string, (b: GraphBuilder, seen: Value, z: Value) => Value]>([
    ["a pool of features", (b, seen) => b.op("Flatten", [b.op("GlobalAveragePool", [seen])])],
    [
      "a maximum of features",
      (b, seen) => b.op("ReduceMax", [seen, b.ints([2, 3])], { keepdims: 0 }),
    ],
    ["features normalised", (b, seen) => normalised(b, b.reduceMean(seen, [2, 3], false))],
    ["a dense layer, normalised", (b, _, z) => batch(b, z)],
    ["a dense layer and ReLU", (b, _, z) => b.op("Relu", [z])],
    ["a dense layer and GELU", (b, _, z) => b.op("Gelu", [z])],
    ["a dense layer and SiLU", (b, _, z) => silu(b, z)],
    ["a dense layer and Softplus", (b, _, z) => b.op("Softplus", [z])],
    ["a vector of length 1", (b, _, z) => b.op("LpNormalization", [z], { axis: 1, p: 2 })],
    ["counts of at least 0", (b, _, z) => b.op("Max", [z, b.scalar(0)])],
  ])("%s: values, unless the file names classes", async (_, end) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const b = new GraphBuilder();
        const seen = features(b, seed);
        copy(b, end(b, seen, dense(b, seen, seed, 3, 2)), "y");
        const graph = b.build();
        const model = new Model(graph, runtime);
        expect(model.head).toMatchObject({ kind: "values", isAssumed: true });
        expect(said(model)).toMatch(/is read as values.*behind its last weights/);
        const [row] = await scoreRows(model, picture(seed), { targets: "top" });
        expect(row).toMatchObject({ probability: null, scoreName: "value" });
        const named = { ...graph, metadata: new Map([["names", "a,b,c"]]) };
        expect(new Model(named, runtime).head).toMatchObject({ kind: "classes", isAssumed: false });
      }),
      { numRuns: 3 },
    );
  });

  test.each<[string, (b: GraphBuilder, seen: Value, z: Value) => Value]>([
    ["a dense layer", (_, __, z) => z],
    [
      "a dense layer between far bounds",
      (b, _, z) => b.op("Clip", [z, b.scalar(-50), b.scalar(50)]),
    ],
    ["two dense layers, added", (b, seen, z) => b.add(z, dense(b, seen, 1, 3, 1))],
    [
      "means of a convolution of one place and ReLU",
      (b, seen) => {
        const wide = b.constant(drawn(2, "wide", 15, 1), [5, 3, 1, 1]);
        const weights = b.constant(drawn(2, "last", 15, 1), [3, 5, 1, 1]);
        const scores = b.op("Conv", [b.op("Conv", [seen, wide]), weights]);
        return b.reduceMean(b.op("Relu", [scores]), [2, 3], false);
      },
    ],
    [
      "means of a convolution",
      (b, seen) => {
        const weights = b.constant(drawn(2, "last", 9, 1), [3, 3, 1, 1]);
        return b.reduceMean(b.op("Conv", [seen, weights]), [2, 3], false);
      },
    ],
  ])("%s: classes, which is said to be assumed", (_, end) => {
    const b = new GraphBuilder();
    const seen = features(b, 2);
    copy(b, end(b, seen, dense(b, seen, 2, 3, 2)), "y");
    const model = new Model(b.build(), runtime);
    expect(model.head).toMatchObject({
      kind: "classes",
      isAssumed: true,
      probabilities: "softmax",
    });
    expect(said(model)).toMatch(/3 numbers without a softmax: they are assumed/);
  });
});

describe("numbers at every place", () => {
  const side = 6;
  const sized = (channels: number) => [1, channels, side, side] as const;
  const map = (
    inputChannels: number,
    channels: number,
    end: (b: GraphBuilder, z: Value, x: Value) => Value,
  ) => {
    const b = new GraphBuilder();
    const x = b.input("x", sized(inputChannels));
    const weights = b.constant(drawn(channels, "map", channels * inputChannels * 9, 0.5), [
      channels,
      inputChannels,
      3,
      3,
    ]);
    const z = b.op("Conv", [x, weights], { pads: [1, 1, 1, 1] });
    copy(b, end(b, z, x), "y");
    return b.build();
  };
  const clipped = (b: GraphBuilder, z: Value) => b.op("Clip", [z, b.scalar(0), b.scalar(1)]);

  test.each<[string, Graph]>([
    ["one channel", map(3, 1, (_, z) => z)],
    ["a depth of at least 0", map(3, 1, (b, z) => b.op("Relu", [z]))],
    ["colours from 0 to 1", map(3, 3, clipped)],
    ["colours from -1 to 1", map(3, 3, (b, z) => b.op("Tanh", [z]))],
    ["colours of a sigmoid", map(3, 3, (b, z) => b.op("Sigmoid", [z]))],
    ["a picture of 255", map(3, 3, (b, z) => b.mul(b.op("Sigmoid", [z]), b.scalar(255)))],
    ["the picture without its noise", map(3, 3, (b, z, x) => b.sub(x, z))],
    ["the picture of one channel, repaired", map(2, 2, (b, z, x) => b.add(x, z))],
    ["a larger picture", map(3, 12, (b, z) => b.op("DepthToSpace", [z], { blocksize: 2 }))],
    ["normals", map(3, 3, (b, z) => b.op("LpNormalization", [z], { axis: 1, p: 2 }))],
    [
      "a softmax over places",
      map(3, 4, (b, z) =>
        b.reshape(b.op("Softmax", [b.reshape(z, [1, 4, side * side])], { axis: -1 }), [
          ...sized(4),
        ]),
      ),
    ],
  ])("%s: values, and a channel is its mean", async (_, graph) => {
    const model = new Model(graph, runtime);
    expect(model.head).toMatchObject({ kind: "value-map", isAssumed: true });
    expect(said(model)).toMatch(/assumed to hold values at every place/);
    const [, channels] = graph.inputs[0]!.dims as readonly number[];
    const input = tensorOf("float32", sized(channels!), drawn(5, "x", channels! * side * side, 1));
    const held = (await runtime.run(graph, { x: input }))["y"]!;
    const numbers = toNumbers(held);
    const places = held.dims[2]! * held.dims[3]!;
    const targets = Array.from({ length: held.dims[1]! }, (__, i) => i);
    for (const target of targets) {
      const own = numbers.slice(target * places, (target + 1) * places);
      const [row] = await scoreRows(model, input, { targets: [target] });
      expect(row!.score).toBeCloseTo(own.reduce((sum, v) => sum + v, 0) / places, 4);
      expect(row).toMatchObject({ probability: null, scoreName: "mean value" });
    }
    const beyond = scoreRows(model, input, { targets: [targets.length] });
    await expect(beyond).rejects.toThrow(/the channel must be a whole number/);
  });

  const squeezed = (b: GraphBuilder, z: Value) => b.op("Squeeze", [z, b.ints([1])]);

  test.each<[string, "value-map" | "map", (b: GraphBuilder, z: Value) => Value]>([
    ["a depth", "value-map", (b, z) => squeezed(b, b.op("Relu", [z]))],
    ["plain numbers", "value-map", squeezed],
    ["a mask", "map", (b, z) => squeezed(b, b.op("Sigmoid", [z]))],
    ["a mask, squeezed before", "map", (b, z) => b.op("Sigmoid", [squeezed(b, z)])],
  ])("%s without an axis of channels", async (_, kind, end) => {
    const graph = map(3, 1, end);
    const model = await readyModel(untold(graph), runtime, {});
    expect(model.head).toMatchObject({ kind, isAssumed: true, isPlane: true });
    const input = tensorOf("float32", sized(3), drawn(6, "x", 3 * side * side, 1));
    const held = toNumbers((await runtime.run(graph, { x: input }))["y"]!);
    const values = kind === "map" ? held.map((p) => Math.log(p / (1 - p))) : held;
    const above = values.filter((value) => value > 0);
    const found = kind === "map" && above.length > 0 ? above : values;
    const { model: explained } = await explainedModelOf(
      model,
      { kind: "class", class: "top" },
      sized(3),
    );
    const [map_] = await gradient(explained, input, { targets: [0] });
    expect(map_!.score).toBeCloseTo(found.reduce((sum, v) => sum + v, 0) / found.length, 3);
    expect(map_!.probability).toBeNull();
  });

  const choose = (b: GraphBuilder, z: Value) => {
    b.output(b.op("ArgMax", [z], { axis: 1 }, "labels"));
    return z;
  };
  test.each<[string, Graph, boolean]>([
    ["a softmax", map(3, 3, (b, z) => b.op("Softmax", [z], { axis: 1 })), false],
    [
      "minus its logarithm",
      map(3, 3, (b, z) => b.op("Neg", [b.op("LogSoftmax", [z], { axis: 1 })])),
      false,
    ],
    ["ArgMax beside it", map(3, 3, choose), false],
    ["ArgMax beside its ReLU", map(3, 3, (b, z) => choose(b, b.op("Relu", [z]))), false],
    ["names", { ...map(3, 3, clipped), metadata: new Map([["names", "a,b,c"]]) }, false],
    ["plain sums", map(3, 5, (_, z) => z), true],
    ["several sigmoids", map(3, 5, (b, z) => b.op("Sigmoid", [z])), true],
    ["one sigmoid", map(3, 1, (b, z) => b.op("Sigmoid", [z])), true],
  ])("%s: classes", (_, graph, isAssumed) => {
    const model = new Model(graph, runtime);
    expect(model.head).toMatchObject({ output: "y", kind: "map", isAssumed });
    expect(/they are classes is assumed/.test(said(model))).toBe(isAssumed);
  });
});
