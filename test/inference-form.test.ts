/** @file Networks in any spelling and mode are the network that they compute: same numbers, same maps. */
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { attributionMethods } from "../src/attribution/index.ts";
import { differentiate } from "../src/autodiff/differentiate.ts";
import { missingRules } from "../src/autodiff/path.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph, Node } from "../src/graph/graph.ts";
import { toHalf } from "../src/graph/half.ts";
import { inferenceForm } from "../src/graph/inference/inference-form.ts";
import { tensor, tensorOf, toNumbers, type Tensor } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { randomStream } from "../src/random.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { libraryWords, wordsOf } from "../src/wording/face.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

type Activation = (b: GraphBuilder, x: Value) => Value;
const zero = (b: GraphBuilder) => b.scalar(0);
const compare = (operator: string, flipped: boolean) => (b: GraphBuilder, x: Value) =>
  b.op(operator, flipped ? [zero(b), x] : [x, zero(b)]);

/** ReLU in every spelling. */
const relus: Readonly<Record<string, Activation>> = {
  "Max(x, 0)": (b, x) => b.op("Max", [x, zero(b)]),
  "Max(0, x)": (b, x) => b.op("Max", [b.constant([0], [1]), x]),
  "Max(x, zeros, 0)": (b, x) =>
    b.op("Max", [x, b.constant(Array<number>(x.dims[1]!).fill(0), [1, x.dims[1]!, 1, 1]), zero(b)]),
  "Clip from 0": (b, x) => b.op("Clip", [x, zero(b)]),
  "Clip from 0 to the largest float": (b, x) =>
    b.op("Clip", [x, zero(b), b.scalar(3.4028234663852886e38)]),
  "Where(x > 0, x, 0)": (b, x) => b.op("Where", [compare("Greater", false)(b, x), x, zero(b)]),
  "Where(0 <= x, x, 0)": (b, x) => b.op("Where", [compare("LessOrEqual", true)(b, x), x, zero(b)]),
  "Where(x < 0, 0, x)": (b, x) => b.op("Where", [compare("Less", false)(b, x), zero(b), x]),
  "Where(not x >= 0, 0, x)": (b, x) =>
    b.op("Where", [b.op("Not", [compare("GreaterOrEqual", false)(b, x)]), zero(b), x]),
  "LeakyRelu of 0": (b, x) => b.op("LeakyRelu", [x], { alpha: 0 }),
  "PRelu of 0": (b, x) =>
    b.op("PRelu", [x, b.constant(Array<number>(x.dims[1]!).fill(0), [x.dims[1]!, 1, 1])]),
  "ThresholdedRelu of 0": (b, x) => b.op("ThresholdedRelu", [x], { alpha: 0 }),
  "Elu of 0": (b, x) => b.op("Elu", [x], { alpha: 0 }),
  "x times (x > 0)": (b, x) => b.mul(x, b.cast(compare("Greater", false)(b, x), "float32")),
  "x times where(x <= 0, 0, 1)": (b, x) =>
    b.mul(b.op("Where", [compare("LessOrEqual", false)(b, x), zero(b), b.scalar(1)]), x),
  "(x + |x|) / 2": (b, x) => b.div(b.add(x, b.op("Abs", [x])), b.scalar(2)),
  "0.5 (|x| + x)": (b, x) => b.mul(b.scalar(0.5), b.add(b.op("Abs", [x]), x)),
  "x - min(x, 0)": (b, x) => b.sub(x, b.op("Min", [x, zero(b)])),
  "-min(-x, 0)": (b, x) => b.neg(b.op("Min", [zero(b), b.neg(x)])),
  "0 - min(-x, 0)": (b, x) => b.sub(zero(b), b.op("Min", [b.neg(x), zero(b)])),
  "x + max(-x, 0)": (b, x) => b.add(x, b.op("Relu", [b.neg(x)])),
};

/** ReLU6 in other spellings. */
const relu6s: Readonly<Record<string, Activation>> = {
  "Min(Relu(x), 6)": (b, x) => b.op("Min", [b.op("Relu", [x]), b.scalar(6)]),
  "Max(Min(x, 6), 0)": (b, x) => b.op("Max", [b.op("Min", [b.scalar(6), x]), zero(b)]),
  "Where(Relu(x) > 6, 6, Relu(x))": (b, x) => {
    const y = b.op("Relu", [x]);
    return b.op("Where", [b.op("Greater", [y, b.scalar(6)]), b.scalar(6), y]);
  },
  "Relu(Clip to 6)": (b, x) => b.op("Relu", [b.op("Clip", [x, b.scalar(-1e9), b.scalar(6)])]),
};

/** Look like a rectifier and are none. */
const others: Readonly<Record<string, Activation>> = {
  "Max(x, 0.1)": (b, x) => b.op("Max", [x, b.scalar(0.1)]),
  "Clip from 0 to 1": (b, x) => b.op("Clip", [x, zero(b), b.scalar(1)]),
  "Where(x > 0, 0, x)": (b, x) => b.op("Where", [compare("Greater", false)(b, x), zero(b), x]),
  "Where(x > 0.5, x, 0)": (b, x) =>
    b.op("Where", [b.op("Greater", [x, b.scalar(0.5)]), x, zero(b)]),
  "LeakyRelu of 0.1": (b, x) => b.op("LeakyRelu", [x], { alpha: 0.1 }),
  "x times (x < 0)": (b, x) => b.mul(x, b.cast(compare("Less", false)(b, x), "float32")),
  "0.25 (x + |x|)": (b, x) => b.mul(b.scalar(0.25), b.add(x, b.op("Abs", [x]))),
  "Clip with more below than above": (b, x) => b.op("Clip", [x, b.scalar(1), b.scalar(0.5)]),
};

const dims = [1, 2, 6, 6] as const;

/** Two convolutions with an activation function behind each, and a dense layer. */
function network(seed: number, first: Activation, second: Activation): Graph {
  const random = randomStream("spelled", seed);
  const draw = (count: number, scale = 1) =>
    Array.from({ length: count }, () => scale * random.normal());
  const b = new GraphBuilder();
  const x = b.input("x", [...dims]);
  const convolution = (value: Value, channels: number) =>
    b.op("Conv", [
      value,
      b.constant(draw(channels * value.dims[1]! * 9, 0.6), [channels, value.dims[1]!, 3, 3]),
      b.constant(draw(channels), [channels]),
    ]);
  const low = first(b, convolution(x, 4));
  const high = second(b, convolution(low, 3));
  const row = b.reshape(high, [1, 12]);
  b.output(b.op("MatMul", [row, b.constant(draw(36), [12, 3])], {}, "logits"));
  return { ...b.build(), shapes: new Map() };
}

function picture(seed: number): Tensor {
  const random = randomStream("picture", seed);
  return tensorOf(
    "float32",
    dims,
    Array.from({ length: 72 }, () => 2 * random.normal()),
  );
}

const plainRelu: Activation = (b, x) => b.op("Relu", [x]);
const plainRelu6: Activation = (b, x) => b.op("Clip", [x, zero(b), b.scalar(6)]);
const methods = ["guided-backprop", "rectified", "lrp", "deep-lift"] as const;

async function expectSameMaps(spelled: Graph, plain: Graph, input: Tensor): Promise<void> {
  const [one, other] = [new Model(spelled, runtime), new Model(plain, runtime)];
  for (const name of methods) {
    const options = { targets: [1] };
    const [got] = await attributionMethods[name].run(one, input, options);
    const [wanted] = await attributionMethods[name].run(other, input, options);
    expect(got!.data, name).toBeAllclose(wanted!.data, { rtol: 1e-4, atol: 1e-5 });
    expect(got!.logit).toBeCloseTo(wanted!.logit, 4);
  }
}

describe("rectifiers", () => {
  test.each(Object.entries(relus))("%s is ReLU to every method", async (_, spelling) => {
    await expectSameMaps(
      network(1, spelling, plainRelu),
      network(1, plainRelu, plainRelu),
      picture(1),
    );
  });

  test.each(Object.entries(relu6s))("%s is ReLU6 to every method", async (_, spelling) => {
    await expectSameMaps(
      network(2, spelling, plainRelu),
      network(2, plainRelu6, plainRelu),
      picture(2),
    );
  });

  test("networks with spellings at random have the maps of ReLU", async () => {
    const spelling = fc.constantFrom(...Object.values(relus));
    await fc.assert(
      fc.asyncProperty(fc.nat(1e6), spelling, spelling, async (seed, first, second) => {
        const [one, other] = [network(seed, first, second), network(seed, plainRelu, plainRelu)];
        const models = [one, other].map((graph) => new Model(graph, runtime));
        const [got, wanted] = await Promise.all(
          models.map((model) =>
            attributionMethods["guided-backprop"].run(model, picture(seed), { targets: [0] }),
          ),
        );
        expect(got![0]!.data).toBeAllclose(wanted![0]!.data, { rtol: 1e-4, atol: 1e-5 });
      }),
      { numRuns: 40 },
    );
  });

  test.each(Object.entries(others))("%s stays what it is", async (_, other) => {
    const graph = network(3, other, other);
    const model = new Model(graph, runtime);
    const traced = await model.at([...dims]);
    expect(traced.nodes.filter(({ operator }) => operator === "Relu")).toEqual([]);
    await expect(
      attributionMethods["guided-backprop"].run(model, picture(3), { targets: [0] }),
    ).rejects.toThrow(/must have a ReLU/);
  });

  test("a bound that widens its value is no rectifier", async () => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 1, 2, 2]);
    const wide = b.op("Max", [x, b.constant([0, 0], [1, 2, 1, 1])]);
    b.output(b.reduceSum(wide, [2, 3], false));
    const model = new Model(b.build(), runtime);
    const traced = await model.at([1, 1, 2, 2]);
    expect(traced.nodes.map(({ operator }) => operator)).toContain("Max");
  });
});

describe("training mode", () => {
  /** [1, 2, 6, 6] through normalisation and dropout. */
  function trained(isTraining: boolean): Graph {
    const b = new GraphBuilder();
    const x = b.input("x", [...dims]);
    const constants = [
      [2, 0.5],
      [1, -1],
      [0.3, 0.2],
      [4, 0.25],
    ].map((v) => b.constant(v, [2]));
    const mode = isTraining ? { training_mode: 1 } : {};
    const normal = b.op("BatchNormalization", [x, ...constants], mode);
    const flag = b.initializer("flag", tensor("bool", [], Uint8Array.of(isTraining ? 1 : 0)));
    const kept = b.op("Dropout", [normal, b.scalar(0.5), flag]);
    b.output(b.reduceMean(kept, [2, 3], false));
    return { ...b.build(), shapes: new Map(), metadata: new Map([["names", "a,b"]]) };
  }

  test.each([
    ["Dropout", true, false, /training mode; Dropout computes as/],
    ["BatchNormalization", false, true, /training mode; BatchNormalization computes as/],
  ])("of %s alone is said of one operator", (_, drops, normalises, said) => {
    const { nodes, ...graph } = trained(true);
    const kept = trained(false).nodes;
    const mixed = nodes.map((node, i) => {
      const isTrained = { Dropout: drops, BatchNormalization: normalises }[node.operator] ?? true;
      return isTrained ? node : kept[i]!;
    });
    const { initializers } = trained(drops);
    const { notes } = new Model({ ...graph, nodes: mixed, initializers }, runtime);
    expect(notes.map((note) => wordsOf(note, libraryWords)).join()).toMatch(said);
  });

  test("computes as in inference, which is said", async () => {
    const [model, plain] = [new Model(trained(true), runtime), new Model(trained(false), runtime)];
    const note = model.notes.map((said) => wordsOf(said, libraryWords)).join();
    expect(note).toMatch(/training mode; BatchNormalization and Dropout compute as in inference/);
    expect(plain.notes).toEqual([]);
    const run = (one: Model) => attributionMethods.gradient.run(one, picture(4), { targets: [0] });
    const [got, again, wanted] = await Promise.all([run(model), run(model), run(plain)]);
    expect(got[0]!.data).toEqual(wanted[0]!.data);
    expect(got[0]!.logit).toBe(wanted[0]!.logit);
    expect(again[0]!.data).toEqual(got[0]!.data);
  });
});

describe("half precision", () => {
  const throughHalf = (value: Tensor) => tensorOf("float32", value.dims, toNumbers(toHalf(value)));

  /** The same network with float16 between two casts, and in float32 with the weights of float16. */
  function halved(seed: number): { readonly half: Graph; readonly full: Graph } {
    const build = (isHalf: boolean): Graph => {
      const type = isHalf ? ("float16" as const) : ("float32" as const);
      const random = randomStream("half", seed);
      const b = new GraphBuilder();
      const x = b.input("x", [...dims]);
      const weights = (shape: readonly number[]) => {
        const count = shape.reduce((product, dim) => product * dim, 1);
        const value = tensorOf(
          "float32",
          shape,
          Array.from({ length: count }, () => 0.5 * random.normal()),
        );
        return b.initializer(`w${b.nodes.length}`, isHalf ? toHalf(value) : throughHalf(value));
      };
      let value = isHalf ? b.cast(x, type) : x;
      value = b.op("Relu", [b.op("Conv", [value, weights([4, 2, 3, 3])], { pads: [1, 1, 1, 1] })]);
      value = b.op("MaxPool", [value], { kernel_shape: [2, 2], strides: [2, 2] });
      const bounds = [-0.5, 2].map((bound, i) =>
        b.initializer(
          `bound${i}`,
          isHalf ? toHalf(tensorOf("float32", [], [bound])) : tensorOf("float32", [], [bound]),
        ),
      );
      value = b.op("Clip", [value, ...bounds]);
      value = b.op("MatMul", [b.reshape(value, [1, 36]), weights([36, 3])]);
      b.output(isHalf ? b.cast(value, "float32") : value);
      return { ...b.build(), shapes: new Map(), metadata: new Map([["names", "a,b,c"]]) };
    };
    return { half: build(true), full: build(false) };
  }

  test("has the gradient of the network in float32, and says what it computes in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1e6), async (seed) => {
        const { half, full } = halved(seed);
        const [model, plain] = [new Model(half, runtime), new Model(full, runtime)];
        expect(model.notes).toHaveLength(1);
        const [got] = await attributionMethods.gradient.run(model, picture(seed), { targets: [2] });
        const [wanted] = await attributionMethods.gradient.run(plain, picture(seed), {
          targets: [2],
        });
        const product = (a: Float32Array, b: Float32Array) =>
          a.reduce((total, value, i) => total + value * b[i]!, 0);
        const [a, b] = [got!.data, wanted!.data];
        expect(product(a, b)).toBeGreaterThan(
          0.98 * Math.sqrt(product(a, a) * product(b, b)) - 1e-9,
        );
        expect(got!.logit).toBeCloseTo(wanted!.logit, 1);
      }),
      { numRuns: 20 },
    );
  });

  test("weights that are only stored so stay as they are, so that they can be read from their file", () => {
    const b = new GraphBuilder();
    const x = b.input("x", [...dims]);
    const weights = toHalf(tensorOf("float32", [2, 1, 1], [1, 2]));
    const stored = b.initializer("w", weights);
    b.output(b.reduceMean(b.mul(x, b.cast(stored, "float32")), [2, 3], false));
    const graph: Graph = { ...b.build(), shapes: new Map() };
    const constant: Node = {
      name: "constant",
      operator: "Constant",
      domain: "",
      inputs: [],
      outputs: ["w"],
      attributes: { value: { kind: "tensor", value: weights } },
    };
    const writtenOut = { ...graph, nodes: [constant, ...graph.nodes], initializers: new Map() };
    for (const each of [graph, writtenOut]) {
      expect(inferenceForm(each)).toEqual({ graph: each, notes: [] });
    }
  });

  test("a weight that another node than a cast reads, be it in a branch, is computed with", () => {
    const reader: Node = {
      name: "reader",
      operator: "Mul",
      domain: "",
      inputs: ["w", "w"],
      outputs: ["y"],
      attributes: {},
    };
    const output = { name: "y", type: "float32" as const, dims: undefined };
    const empty: Graph = {
      name: "g",
      inputs: [],
      outputs: [output],
      nodes: [reader],
      initializers: new Map(),
      shapes: new Map(),
      metadata: new Map(),
    };
    const w = toHalf(tensorOf("float32", [1], [3]));
    const branches = { then_branch: empty, else_branch: empty };
    const attributes = Object.fromEntries(
      Object.entries(branches).map(([name, value]) => [name, { kind: "graph" as const, value }]),
    );
    const choice: Node = { ...reader, name: "if", operator: "If", inputs: ["which"], attributes };
    for (const nodes of [[reader], [choice]]) {
      const { graph, notes } = inferenceForm({
        ...empty,
        nodes,
        initializers: new Map([["w", w]]),
      });
      expect(notes).toHaveLength(1);
      expect(graph.initializers.get("w")).toEqual(tensorOf("float32", [1], [3]));
    }
  });
});

test("what a subgraph reads from outside lies on the gradient's path", () => {
  const inner = (factor: number): Graph => ({
    name: "branch",
    inputs: [],
    outputs: [{ name: `y${factor}`, type: "float32", dims: undefined }],
    nodes: [
      {
        name: `by${factor}`,
        operator: "Mul",
        domain: "",
        inputs: ["x", `c${factor}`],
        outputs: [`y${factor}`],
        attributes: {},
      },
    ],
    initializers: new Map([[`c${factor}`, tensorOf("float32", [], [factor])]]),
    shapes: new Map(),
    metadata: new Map(),
  });
  const graph: Graph = {
    ...inner(1),
    inputs: [
      { name: "x", type: "float32", dims: [2] },
      { name: "c", type: "bool", dims: [] },
    ],
    outputs: [{ name: "z", type: "float32", dims: [2] }],
    nodes: [
      {
        name: "choose",
        operator: "If",
        domain: "",
        inputs: ["c"],
        outputs: ["y"],
        attributes: {
          then_branch: { kind: "graph", value: inner(2) },
          else_branch: { kind: "graph", value: inner(3) },
        },
      },
      {
        name: "add",
        operator: "Add",
        domain: "",
        inputs: ["x", "y"],
        outputs: ["z"],
        attributes: {},
      },
    ],
    initializers: new Map(),
    shapes: new Map(["x", "y", "z"].map((name) => [name, { type: "float32", dims: [2] }] as const)),
  };
  const missing = [{ operator: "If", node: "choose" }];
  expect(missingRules(graph, { of: "z", wrt: ["x"] })).toEqual(missing);
  expect(() => differentiate(graph, { of: "z", wrt: ["x"] })).toThrow(/If \("choose"\)/);
});
