import { afterAll, beforeEach, expect, test } from "vitest";
import { randomNetwork } from "../../test/random-networks/network.ts";
import { readyModel } from "../app/open.ts";
import { explainRows } from "../attribution/gradient/explained-rows.ts";
import { scoreRows } from "../attribution/perturbation/scored-rows.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { elementCount, tensorOf, type Tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import type { Runtime, Tensors } from "../runtime/runtime.ts";
import { layerRun } from "./known-layer.ts";
import { layersOf } from "./layers.ts";
import { Model } from "./model.ts";

const cpu = createNodeRuntime({ threads: 1 });
afterAll(() => cpu.release());

/** Graphs that were run, in their order. */
const ran: Graph[] = [];
beforeEach(() => {
  ran.length = 0;
});

const counted: Runtime = {
  ...cpu,
  run: (graph, feeds, options) => {
    ran.push(graph);
    return cpu.run(graph, feeds, options);
  },
};

/** All layers of numbers for each picture. */
async function layersToTry(model: Model, dims: readonly number[]): Promise<readonly string[]> {
  const traced = await model.at(dims);
  const isFloat = (name: string) => traced.shapes.get(name)?.type === "float32";
  return layersOf(traced)
    .map(({ name }) => name)
    .filter((name) => isFloat(name) && traced.shapes.get(name)!.dims[0] === 1);
}

/** The same with the picture's gradient beside it, for which all of the network is run at once. */
async function wholeRow(model: Model, input: Tensor, layer: string, target: number) {
  const values = [layer, model.input.name];
  const [row] = await explainRows(model, input, { targets: [target], values });
  return row!;
}

async function expectSame(model: Model, input: Tensor, layer: string, target: number) {
  const whole = await wholeRow(model, input, layer, target);
  const [scored] = await scoreRows(model, input, { targets: [target], layer, keeps: true });
  expect(scored!.score).toBeCloseTo(whole.score, 3);
  // Of the second the layer's value is known.
  for (let i = 0; i < 2; i++) {
    const [row] = await explainRows(model, input, { targets: [target], values: [layer] });
    expect(row!.score).toBeCloseTo(whole.score, 3);
    expect(row!.dims[0]).toEqual(whole.dims[0]);
    expect(row!.values[0]!).toBeAllclose(whole.values[0]!, { rtol: 1e-3, atol: 1e-4 });
    expect(row!.gradients[0]!).toBeAllclose(whole.gradients[0]!, { rtol: 1e-3, atol: 1e-4 });
    // Who asked may do with the numbers what he wants.
    row!.values[0]!.fill(Number.NaN);
    row!.gradients[0]!.fill(Number.NaN);
  }
}

test("values and gradients of drawn layers are those of the whole, whatever was asked before", async () => {
  let [parted, whole] = [0, 0];
  for (let number = 0; number < 120; number++) {
    const drawn = randomNetwork("before a layer", number);
    if (drawn.computesInHalf || drawn.hasControlFlow) continue;
    const model = await readyModel(drawn.graph, counted, {});
    const { channels, rows, columns, data } = drawn.picture;
    const input = tensorOf("float32", [1, channels, rows, columns], data);
    const random = randomStream("before a layer", number);
    const traced = await model.at(input.dims);
    const classes = elementCount(traced.shapes.get(model.explained)!.dims);
    const layers = await layersToTry(model, input.dims);
    for (let step = 0; step < 8; step++) {
      const layer = random.uniform() < 0.6 ? layers.at(-1 - random.below(3)) : undefined;
      const chosen = layer ?? layers[random.below(layers.length)]!;
      const numbers = input.data as Float32Array;
      // The caller's own memory, changed in place.
      if (step % 3 === 2) numbers[random.below(numbers.length)]! += drawn.amount;
      await expectSame(model, input, chosen, random.below(classes));
      if (await layerRun(model, traced, chosen, input)) parted += 1;
      else whole += 1;
    }
  }
  expect(parted).toBeGreaterThan(100);
  expect(whole).toBeGreaterThan(100);
});

const dims = [1, 2, 6, 6];

/** Two convolutions, the first one's output also around the second, and classes. */
function stages(weight: number): Graph {
  const b = new GraphBuilder();
  const random = randomStream("stages", weight);
  const drawn = (...shape: readonly number[]) =>
    b.constant(
      Array.from({ length: elementCount(shape) }, () => random.normal()),
      shape,
    );
  const x = b.input("x", dims);
  const first = b.op("Relu", [b.op("Conv", [x, drawn(4, 2, 3, 3)])], {}, "first");
  const second = b.op("Conv", [first, drawn(4, 4, 1, 1)], {}, "second");
  const joined = b.op("Relu", [b.add(first, second)], {}, "joined");
  b.output(b.op("Gemm", [b.op("Flatten", [joined]), drawn(64, 5)], {}, "logits"));
  return b.build();
}

function picture(seed: number): Tensor {
  const random = randomStream("picture", seed);
  return tensorOf(
    "float32",
    dims,
    Array.from({ length: elementCount(dims) }, () => random.normal()),
  );
}

/** How many of the graphs that were run since are fed pictures. */
async function picturesRun(work: () => Promise<unknown>): Promise<number> {
  ran.length = 0;
  await work();
  return ran.filter(({ inputs }) => inputs.some(({ name }) => name === "x")).length;
}

test("what lies before a layer runs once for a picture that stays, and anew for every other", async () => {
  const model = new Model(stages(1), counted);
  const other = new Model(stages(2), counted);
  const [a, b] = [picture(1), picture(2)];
  const ask = (of: Model, input: Tensor, layer: string, target: number) =>
    picturesRun(() => explainRows(of, input, { targets: [target], values: [layer] }));
  await model.at(dims);
  await other.at(dims);
  expect(await ask(model, a, "joined", 0)).toBe(1);
  expect(await ask(model, a, "joined", 1)).toBe(0);
  // The same numbers in other memory.
  expect(await ask(model, picture(1), "joined", 2)).toBe(0);
  expect(await ask(model, b, "joined", 2)).toBe(1);
  (b.data as Float32Array)[7] = -(b.data as Float32Array)[7]!;
  expect(await ask(model, b, "joined", 2)).toBe(1);
  expect(await ask(model, b, "first", 2)).toBe(1);
  expect(await ask(model, b, "first", 3)).toBe(0);
  // Ways lead around it.
  expect(await ask(model, b, "second", 3)).toBe(1);
  expect(await ask(model, b, "second", 4)).toBe(1);
  expect(await ask(other, b, "first", 3)).toBe(1);
});

test("scores and gradients share what lies before a layer", async () => {
  const model = new Model(stages(4), counted);
  const input = picture(1);
  const scores = () => scoreRows(model, input, { targets: "top", layer: "joined", keeps: true });
  await model.at(dims);
  expect(await picturesRun(scores)).toBe(1);
  const gradients = () => explainRows(model, input, { targets: [1], values: ["joined"] });
  expect(await picturesRun(gradients)).toBe(0);
});

const joined = (of: Model, input: Tensor, target = 0) =>
  explainRows(of, input, { targets: [target], values: ["joined"] });

test("whoever changes a picture while it is run gets what it was, and then what it is", async () => {
  let started: () => void;
  const slow: Runtime = {
    ...cpu,
    run: async (graph, feeds, options) => {
      const copies = Object.entries(feeds).map(([name, value]) => [
        name,
        { ...value, data: value.data.slice() },
      ]);
      started();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      return cpu.run(graph, Object.fromEntries(copies) as Tensors, options);
    },
  };
  const model = new Model(stages(5), slow);
  await model.at(dims);
  for (let i = 0; i < 5; i++) {
    const [input, other] = [picture(i), picture(i + 10)];
    const running = new Promise<void>((resolve) => (started = resolve));
    const asked = joined(model, input);
    await running;
    (input.data as Float32Array).set(other.data as Float32Array);
    const scores = [(await asked)[0]!.score, (await joined(model, input))[0]!.score];
    const own = new Model(stages(5), cpu);
    const wanted = [
      (await joined(own, picture(i)))[0]!.score,
      (await joined(own, other))[0]!.score,
    ];
    for (const [at, score] of scores.entries()) expect(score).toBeCloseTo(wanted[at]!, 4);
  }
});

test("what another runtime computed is not taken for this one's", async () => {
  let name = "card";
  const two: Runtime = {
    ...cpu,
    get name() {
      return name;
    },
    run: async (graph, feeds, options) => {
      const results = await cpu.run(graph, feeds, options);
      if (name === "card")
        for (const { data } of Object.values(results)) (data as Float32Array).fill(1.5);
      return results;
    },
  };
  const model = new Model(stages(6), two);
  const wanted = (await joined(new Model(stages(6), cpu), picture(1)))[0]!.score;
  await joined(model, picture(1));
  name = "processor";
  for (let i = 0; i < 2; i++) {
    expect((await joined(model, picture(1)))[0]!.score).toBeCloseTo(wanted, 4);
  }
});

test("nothing is kept of what chance decides, nor where other inputs decide a layer", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", dims);
  const noise = b.op("Identity", [x], {}, "noise");
  const layer = b.op("Relu", [b.add(x, noise)], {}, "layer");
  const axes = b.constant([2, 3], [2], "int64");
  b.output(b.op("ReduceSum", [layer, axes], { keepdims: 0 }, "logits"));
  const plain = { ...b.build(), shapes: new Map() };
  const drawn = (node: Node) =>
    node.outputs[0] === "noise" ? { ...node, operator: "RandomNormalLike" } : node;
  const keeps = async (graph: Graph) => {
    const model = new Model(graph, cpu);
    return (await layerRun(model, await model.at(dims), "layer", picture(1))) !== undefined;
  };
  expect(await keeps(plain)).toBe(true);
  expect(await keeps({ ...plain, nodes: plain.nodes.map(drawn) })).toBe(false);
  const sure = new Model(stages(7), cpu);
  const kept = (of: Tensor) => sure.at(dims).then((traced) => layerRun(sure, traced, "joined", of));
  expect(await kept(picture(1))).toBeDefined();
  // More pictures than a batch holds.
  const two = tensorOf("float32", [2, ...dims.slice(1)], new Float32Array(144));
  expect(await kept(two)).toBeUndefined();
});

test("a value whose size the picture's numbers decided is not kept", async () => {
  const model = new Model(stages(8), cpu);
  const traced = await model.at(dims);
  const given = (rowDims: readonly number[]) => ({
    row: 0,
    of: () => new Float32Array(elementCount(rowDims)),
    dims: () => rowDims,
  });
  const run = async () => (await layerRun(model, traced, "joined", picture(1)))!;
  (await run()).keep(given([4, 3, 3]));
  expect((await run()).value).toBeUndefined();
  (await run()).keep(given([4, 4, 4]));
  expect((await run()).value!.dims).toEqual([1, 4, 4, 4]);
});

test("scores have one session, whether a value is known, kept or only passed by", async () => {
  const model = new Model(stages(9), counted);
  const input = picture(1);
  await model.at(dims);
  ran.length = 0;
  const score = (of: Tensor, keeps: boolean) =>
    scoreRows(model, of, { targets: "top", layer: "joined", keeps });
  await score(input, true);
  await score(input, true);
  await score(picture(2), false);
  expect(new Set(ran).size).toBe(1);
  // What was only passed by takes nothing's place.
  expect(await picturesRun(() => joined(model, input))).toBe(0);
});

test("a change from 0 to minus 0 is one", async () => {
  const model = new Model(stages(3), counted);
  const input = picture(1);
  (input.data as Float32Array)[3] = 0;
  const ask = () => explainRows(model, input, { targets: [0], values: ["joined"] });
  await ask();
  expect(await picturesRun(ask)).toBe(0);
  (input.data as Float32Array)[3] = -0;
  expect(await picturesRun(ask)).toBe(1);
});
