/** @file Configurations that differ by generation, in which Keras hides what a reader falls over. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Choices, drawModel } from "../../../test/keras/drawn-models.ts";
import { configOf, generations, variablesOf } from "../../../test/keras/keras-configs.ts";
import { memoryStore, type Variables } from "../../../test/keras/memory-store.ts";
import { counted, type Numbers } from "../../../test/keras/numbers.ts";
import { runGraph } from "../../../test/keras/run-keras.ts";
import { LimpidError } from "../../errors.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { graphOfKeras } from "./keras-graph.ts";

type Json = Readonly<Record<string, unknown>>;

const layer = (className: string, config: unknown, more: Json = {}) => ({
  class_name: className,
  config,
  ...more,
});
const input = (name: string, dims: readonly number[]) =>
  layer("InputLayer", { name, batch_shape: [null, ...dims] }, { name, inbound_nodes: [] });
const functional = (layers: readonly unknown[], inputs: unknown, outputs: unknown, name = "m") =>
  layer("Functional", { name, layers, input_layers: inputs, output_layers: outputs }, { name });
const row: Numbers = { dims: [1, 3], data: [1, 2, 3] };
const factor = (name: string, scale: number, nodes: unknown) =>
  layer("Rescaling", { name, trainable: true, scale }, { name, inbound_nodes: nodes });
const tensor = (...history: unknown[]) => layer("__keras_tensor__", { keras_history: history });

async function computed(
  config: unknown,
  inputs = [row],
  variables: Variables = {},
  version = "3.8.0",
) {
  const graph = await graphOfKeras(config, memoryStore(variables), { version });
  return (await runGraph(graph, inputs)).map(({ data }) => data);
}

function refusal(config: unknown, variables: Variables = {}): Promise<string> {
  const opened = graphOfKeras(config, memoryStore(variables), { version: "3.8.0" });
  return opened.then(
    () => "opened",
    (error: unknown) => (error as LimpidError).message,
  );
}

test("Sequential models of before 2.2.3 are lists of layers, and may be built later", async () => {
  const dense = layer("Dense", { name: "d", units: 1, use_bias: false });
  const variables = { "d/kernel": tensorOf("float32", [3, 1], [1, 10, 100]) };
  const list = layer("Sequential", [
    layer("Activation", { name: "a", activation: "linear", batch_input_shape: [null, 3] }),
    dense,
  ]);
  expect(await computed(list, [row], variables, "1.2.2")).toEqual([[321]]);
  const built = layer("Sequential", { name: "s", layers: [dense], build_input_shape: [null, 3] });
  expect(await computed(built, [row], variables)).toEqual([[321]]);
  const config = { build_config: { input_shape: [null, 3] } };
  const newer = layer("Sequential", { name: "s", layers: [dense] }, config);
  expect(await computed(newer, [row], variables)).toEqual([[321]]);
  expect(await refusal(layer("Sequential", { name: "s", layers: [dense] }), variables)).toBe(
    'keras: layer "d_input" (InputLayer): the shape of the model\'s input must be known, got nothing. save the model with an input layer, or after it was called once.',
  );
});

test("input and output layers are one, a list or a dictionary", async () => {
  const layers = [
    input("b", [3]),
    input("a", [3]),
    layer(
      "Subtract",
      { name: "s" },
      {
        name: "s",
        inbound_nodes: [
          [
            ["b", 0, 0, {}],
            ["a", 0, 0, {}],
          ],
        ],
      },
    ),
  ];
  const [b, a] = [
    ["b", 0, 0],
    ["a", 0, 0],
  ];
  const fed: Numbers[] = [row, { dims: [1, 3], data: [0, 1, 0] }];
  const out = ["s", 0, 0];
  expect(await computed(functional(layers, [b, a], out), fed)).toEqual([[1, 1, 3]]);
  const named = functional(layers, { second: b, first: a }, { it: out });
  expect(await computed(named, [fed[1]!, row])).toEqual([[1, 1, 3]]);
  const twice = functional(layers, [b, a], [out, out, a]);
  expect(await computed(twice, fed)).toEqual([
    [1, 1, 3],
    [1, 1, 3],
    [0, 1, 0],
  ]);
});

test("calls of shared models count from 1 in Keras 2, and from 0 but at outputs in Keras 3", async () => {
  const inner = (isNew: boolean) =>
    functional(
      [
        input("i", [3]),
        factor("f", 2, isNew ? [{ args: [tensor("i", 0, 0)], kwargs: {} }] : [[["i", 0, 0, {}]]]),
      ],
      [["i", 0, 0]],
      [["f", 0, 0]],
      "inner",
    );
  const old = functional(
    [
      input("x", [3]),
      { ...inner(false), inbound_nodes: [[["x", 0, 0, {}]], [["inner", 1, 0, {}]]] },
      factor("t", 10, [[["inner", 1, 0, {}]]]),
    ],
    [["x", 0, 0]],
    [
      ["inner", 2, 0],
      ["t", 0, 0],
      ["inner", 1, 0],
    ],
  );
  const wanted = [
    [4, 8, 12],
    [20, 40, 60],
    [2, 4, 6],
  ];
  expect(await computed(old)).toEqual(wanted);
  const newer = functional(
    [
      input("x", [3]),
      {
        ...inner(true),
        inbound_nodes: [
          { args: [tensor("x", 0, 0)], kwargs: {} },
          { args: [tensor("inner", 0, 0)], kwargs: {} },
        ],
      },
      factor("t", 10, [{ args: [tensor("inner", 0, 0)], kwargs: {} }]),
    ],
    ["x", 0, 0],
    [
      ["inner", 2, 0],
      ["t", 0, 0],
      ["inner", 1, 0],
    ],
  );
  expect(await computed(newer)).toEqual(wanted);
});

test("shared layers have the plain name at their first call, and one set of weights", async () => {
  const dense = layer(
    "Dense",
    { name: "d", units: 3, use_bias: false },
    {
      name: "d",
      inbound_nodes: [[["x", 0, 0, {}]], [["d", 0, 0, {}]]],
    },
  );
  const config = functional([input("x", [3]), dense], [["x", 0, 0]], [["d", 1, 0]]);
  const reads: string[] = [];
  const kernel = tensorOf("float32", [3, 3], [0, 1, 0, 0, 0, 1, 1, 0, 0]);
  const store = memoryStore({ "d/kernel": kernel }, (path) => reads.push(path));
  const graph = await graphOfKeras(config, store, {});
  expect(graph.nodes.map(({ name }) => name)).toEqual(["d", "d/call_2"]);
  expect(reads).toEqual(["d/kernel"]);
  const [first, second] = [...graph.initializers.values()];
  expect(second!.data).toBe(first!.data);
});

test("activation functions are names, functions, layers or classes of their own", async () => {
  const activation = (value: unknown) =>
    layer("Sequential", {
      name: "s",
      layers: [input("x", [3]), layer("Activation", { name: "a", activation: value })],
    });
  const fed = [{ dims: [1, 3], data: [-1, 0, 8] }];
  expect(await computed(activation("relu6"), fed)).toEqual([[0, 0, 6]]);
  expect(await computed(activation(layer("function", "relu")), fed)).toEqual([[0, 0, 8]]);
  const object = layer("ReLU", { max_value: 2, negative_slope: 0.5 }, { module: "keras.layers" });
  expect(await computed(activation(object), fed)).toEqual([[-0.5, 0, 2]]);
  expect(await refusal(activation("my>swish"))).toBe("opened");
  expect(await refusal(activation(layer("__lambda__", { value: "code" })))).toMatch(
    /^keras: layer "a" \(Activation\): its activation must be a function of Keras, got/,
  );
});

test("what holds code, is quantised or is not known is refused by name, with the value before it", async () => {
  const chain = (inner: unknown) =>
    layer("Sequential", { name: "s", layers: [input("x", [3]), factor("f", 2, []), inner] });
  expect(
    await refusal(chain(layer("Lambda", { name: "mine", function: ["4wEAAA", null, null] }))),
  ).toBe(
    'keras: layer "mine" (Lambda): it holds code, which is not run. use layers of Keras in its place, or the network can be saved up to "f", the value before it.',
  );
  const own = layer("Block", { name: "b", width: 3 }, { registered_name: "mine>Block" });
  expect(await refusal(chain(own))).toBe(
    'keras: layer "b" (Block): its class ("mine>Block") must be one that is known, got the configuration {"name":"b","width":3}. use layers of Keras in its place, or the network can be saved up to "f", the value before it.',
  );
  expect(await refusal(chain(layer("LSTM", { name: "l", units: 3 })))).toMatch(
    /^keras: layer "l" \(LSTM\)/,
  );
  const policy = layer("QuantizedDTypePolicy", { mode: "int8", name: "int8_from_float32" });
  expect(await refusal(chain(layer("Dense", { name: "d", units: 3, dtype: policy })))).toBe(
    'keras: layer "d" (Dense): its weights must be floats, got quantised ones (int8_from_float32). save the model before it is quantised.',
  );
});

test("half precision is computed in float32, and says so", async () => {
  const dtype = layer("Policy", { name: "mixed_float16" });
  const config = layer("Sequential", {
    name: "s",
    layers: [input("x", [3]), layer("ReLU", { name: "r", dtype })],
  });
  const graph = await graphOfKeras(config, memoryStore({}), {});
  expect(graph.metadata.get(metadataKeys.reading)).toBe(
    '["The model\'s layers compute in mixed_float16; here they compute in float32."]',
  );
});

test("steps of a sequence go through a layer one by one", async () => {
  const inner = layer("Conv2D", { name: "c", filters: 1, kernel_size: 1, use_bias: false });
  const times = layer("TimeDistributed", { name: "t", layer: inner });
  const config = layer("Sequential", {
    name: "s",
    layers: [input("x", [2, 2, 3, 2]), times, layer("Flatten", { name: "f" })],
  });
  const x = counted([2, 2, 2, 3, 2]);
  const kernel = tensorOf("float32", [1, 1, 2, 1], [1, 10]);
  const [got] = await computed(config, [x], { "t/layer/kernel": kernel });
  const wanted = Array.from({ length: 24 }, (_, i) => x.data[2 * i]! + 10 * x.data[2 * i + 1]!);
  for (const [i, value] of wanted.entries()) expect(got![i]).toBeCloseTo(value, 4);
});

test("spectrally normalised layers have the weights that were stored", async () => {
  const inner = layer("Dense", { name: "d", units: 1, use_bias: false });
  const config = layer("Sequential", {
    name: "s",
    layers: [input("x", [3]), layer("SpectralNormalization", { name: "n", layer: inner })],
  });
  const variables = {
    "n/layer/kernel": tensorOf("float32", [3, 1], [1, 10, 100]),
    "n/vector_u": tensorOf("float32", [1, 1], [1]),
  };
  expect(await computed(config, [row], variables)).toEqual([[321]]);
});

/** Any other value of JSON in one place. */
const mutation = fc.record({
  choices: fc.array(fc.nat(1000), { minLength: 30, maxLength: 60 }),
  generation: fc.constantFrom(...generations),
  place: fc.nat(),
  value: fc.oneof(
    fc.constantFrom<unknown>(
      null,
      -1,
      0,
      1e9,
      2 ** 53,
      0.5,
      "",
      "same",
      true,
      [],
      {},
      [[]],
      [null],
    ),
    fc.jsonValue({ maxDepth: 2 }),
  ),
});

test("a broken configuration is refused as a bad file, whatever is broken", async () => {
  await fc.assert(
    fc.asyncProperty(mutation, async ({ choices, generation, place, value }) => {
      const model = drawModel(new Choices(choices), [5, 4, 3], 2, "drawn");
      const config = JSON.parse(JSON.stringify(configOf(model, generation))) as unknown;
      const broken = withOther(config, place, value);
      try {
        await graphOfKeras(broken, memoryStore(variablesOf(model)), { version: "3.8.0" });
      } catch (error) {
        expect(error).toBeInstanceOf(LimpidError);
        expect((error as LimpidError).code).toBe("bad-file");
      }
    }),
    { numRuns: 700 },
  );
});

/** The value with another one at one of its places. */
function withOther(root: unknown, place: number, value: unknown): unknown {
  const holders: (readonly [Record<string, unknown>, string])[] = [];
  const visit = (each: unknown) => {
    if (typeof each !== "object" || each === null) return;
    for (const key of Object.keys(each)) {
      holders.push([each as Record<string, unknown>, key]);
      visit((each as Record<string, unknown>)[key]);
    }
  };
  visit(root);
  const [holder, key] = holders[place % holders.length]!;
  holder[key] = value;
  return root;
}

test("chains of layers and of calls are read in time that grows with them", async () => {
  const passing = Array.from({ length: 15_000 }, (_, i) =>
    layer("Dropout", { name: `d${i}`, rate: 0.5 }),
  );
  const long = layer("Sequential", { name: "s", layers: [input("x", [3]), ...passing] });
  const calls = passing.map((_, i) => [[i === 0 ? "x" : "d", Math.max(i - 1, 0), 0, {}]]);
  const again = functional(
    [input("x", [3]), layer("Dropout", { name: "d" }, { name: "d", inbound_nodes: calls })],
    [["x", 0, 0]],
    [["d", calls.length - 1, 0]],
  );
  for (const config of [long, again]) {
    const graph = await graphOfKeras(config, memoryStore({}));
    expect(graph.nodes).toHaveLength(15_000);
  }
}, 5000);
