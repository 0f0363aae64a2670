/** @file Outputs that look like others: costs, ranks, summaries beside classes, features, and pictures. */
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { scoreRows } from "../src/attribution/perturbation/scored-rows.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensorOf, toNumbers } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { explainedModelOf } from "../src/scores/explained-model.ts";
import { libraryWords, wordsOf } from "../src/wording/face.ts";
import { dense, dims, drawn, features, picture } from "./output-networks.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

const seeds = fc.integer({ min: 0, max: 1e6 });
const widths = fc.integer({ min: 2, max: 6 });

type End = (b: GraphBuilder, logits: Value) => Value;

const softmax: End = (b, x) => b.op("Softmax", [x], { axis: -1 });
const logSum: End = (b, x) => b.op("ReduceLogSumExp", [x, b.ints([1])]);
const logOfSum: End = (b, x) => b.op("Log", [b.reduceSum(b.op("Exp", [x]), [1])]);
const largest: End = (b, x) => b.op("ReduceMax", [x, b.ints([1])]);
const copy = (b: GraphBuilder, x: Value, name: string) => b.output(b.op("Identity", [x], {}, name));
const said = ({ notes }: Model) => notes.map((note) => wordsOf(note, libraryWords)).join("\n");

/** A network with the logits as another output, and their numbers. */
async function network(seed: number, units: number, end: End) {
  const b = new GraphBuilder();
  const logits = dense(b, features(b, seed), seed, units, 2);
  copy(b, end(b, logits), "y");
  copy(b, logits, "z");
  const whole = b.build();
  const held = await runtime.run(whole, { x: picture(seed) });
  const graph = { ...whole, outputs: whole.outputs.filter(({ name }) => name === "y") };
  return { graph, logits: toNumbers(held["z"]!) };
}

function shares(logits: readonly number[]): number[] {
  const powers = logits.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

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
      const { graph, logits } = await network(seed, units, end);
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

/** What stands beside classes and is no answer of its own. */
const summaries: Readonly<Record<string, End>> = {
  entropy: (b, z) => {
    const p = softmax(b, z);
    return b.op("Neg", [b.reduceSum(b.mul(p, b.op("Log", [p])), [1])]);
  },
  confidence: (b, z) => largest(b, softmax(b, z)),
  energy: (b, z) => b.op("Neg", [logSum(b, z)]),
  margin: (b, z) => b.sub(largest(b, z), b.op("ReduceMin", [z, b.ints([1])])),
  label: (b, z) => b.cast(b.op("ArgMax", [z], { axis: 1, keepdims: 0 }), "float32"),
  rounded: (b, z) => b.op("Floor", [b.mul(softmax(b, z), b.scalar(100))]),
  yes: (b, z) => b.cast(b.op("Greater", [z, b.scalar(0)]), "float32"),
  certain: (b, z) => b.op("Sigmoid", [b.sub(largest(b, z), b.scalar(1))]),
};

test("of several outputs the classes are explained, wherever they stand", () => {
  const kinds = fc.uniqueArray(fc.constantFrom(...Object.keys(summaries)), { minLength: 1 });
  fc.assert(
    fc.property(
      seeds,
      widths,
      kinds,
      fc.nat(9),
      fc.boolean(),
      (seed, units, names, at, isPlain) => {
        const b = new GraphBuilder();
        const logits = dense(b, features(b, seed), seed, units, 2);
        const ends = names.map((name) => () => copy(b, summaries[name]!(b, logits), name));
        ends.splice(at % (names.length + 1), 0, () =>
          copy(b, isPlain ? logits : softmax(b, logits), "classes"),
        );
        for (const end of ends) end();
        const model = new Model(b.build(), runtime);
        expect(model.head).toMatchObject({ output: "classes", kind: "classes" });
        expect(said(model)).toMatch(
          /several outputs.*"classes.*is explained.*because .*others are/,
        );
      },
    ),
    { numRuns: 40 },
  );
});

test("features that another output is computed of are not explained, nor boxes beside named classes", () => {
  const b = new GraphBuilder();
  const seen = features(b, 1);
  const embedding = dense(b, seen, 1, 9, 1);
  copy(b, embedding, "embedding");
  const weights = b.constant(drawn(1, "answer", 9, 1), [9, 1]);
  copy(b, b.op("Sigmoid", [b.op("MatMul", [b.op("Relu", [embedding]), weights])]), "yes");
  expect(new Model(b.build(), runtime).head).toMatchObject({ output: "yes", kind: "yes-no" });

  const c = new GraphBuilder();
  const from = features(c, 1);
  copy(c, dense(c, from, 1, 3, 1), "kind");
  copy(c, c.op("Identity", [c.op("Identity", [dense(c, from, 1, 4, 1)])]), "box");
  const named = { ...c.build(), metadata: new Map([["names", "cat,dog,cow"]]) };
  const { head } = new Model(named, runtime);
  expect(head).toMatchObject({ output: "kind", isAssumed: false, choice: expect.any(String) });
});

test.each(["label", "yes", "rounded"])("an output of %s alone", async (name) => {
  const { graph, logits } = await network(4, 3, summaries[name]!);
  const model = new Model(graph, runtime);
  const asked = explainedModelOf(model, { kind: "class", class: "top" }, dims);
  if (name !== "label") {
    await expect(asked).rejects.toThrow(/output "y" must change.*got (Greater|Floor) \("/);
    return;
  }
  const { model: explained } = await asked;
  const [row] = await scoreRows(explained, picture(4), { targets: "top" });
  expect(row!.target).toBe(logits.indexOf(Math.max(...logits)));
  expect(said(model)).toMatch(/says which is the largest of/);
});

/** The graph with a list of its largest numbers as its outputs. */
function listing(graph: Graph, count: number, isScaled: boolean): Graph {
  const node = (operator: string, inputs: string[], outputs: string[]) =>
    ({ name: outputs[0]!, operator, domain: "", inputs, outputs, attributes: {} }) as const;
  const nodes = [
    node("TopK", ["y", "count"], ["values", "indices"]),
    node("ReduceSum", ["values", "axis"], ["total"]),
    node("Div", ["values", "total"], ["scaled"]),
  ];
  const constants = { count: [count], axis: [1] };
  const tensors = Object.entries(constants).map(
    ([name, values]) => [name, tensorOf("int64", [1], values)] as const,
  );
  const shape = { type: "float32", dims: [1, count] } as const;
  return {
    ...graph,
    nodes: [...graph.nodes, ...nodes],
    initializers: new Map([...graph.initializers, ...tensors]),
    outputs: [
      { ...shape, name: isScaled ? "scaled" : "values" },
      { ...shape, name: "indices", type: "int64" },
    ],
  };
}

test("of a list of the largest numbers the classes before it are explained", async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.integer({ min: 4, max: 7 }), fc.nat(2), async (seed, units, k) => {
      const { graph, logits } = await network(seed, units, softmax);
      const model = new Model(listing(graph, k + 1, false), runtime);
      const { model: explained } = await explainedModelOf(
        model,
        { kind: "class", class: "top" },
        dims,
      );
      const [row] = await scoreRows(explained, picture(seed), { targets: "top" });
      expect(row!.target).toBe(logits.indexOf(Math.max(...logits)));
      expect(row!.probability).toBeCloseTo(shares(logits)[row!.target]!, 4);
      expect(said(model)).toMatch(/lists the largest of.*TopK/);
    }),
    { numRuns: 8 },
  );
});

test("what is made of a sorted list has no classes", async () => {
  const { graph } = await network(3, 6, softmax);
  const model = new Model(listing(graph, 3, true), runtime);
  expect(model.head).toMatchObject({ kind: "values", probabilities: "none" });
  expect(said(model)).toMatch(/TopK .* sorts its numbers/);
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
