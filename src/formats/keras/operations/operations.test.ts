/** @file Operations between layers compute what they say, as functions of TensorFlow, as its nodes and as keras.ops. */
import { expect, test } from "vitest";
import { memoryStore } from "../../../../test/keras/memory-store.ts";
import {
  counted,
  every,
  at,
  mapped,
  permuted,
  type Numbers,
} from "../../../../test/keras/numbers.ts";
import { expectAlike, runGraph } from "../../../../test/keras/run-keras.ts";
import { graphOfKeras } from "../keras-graph.ts";

const input = (name: string, dims: readonly (number | null)[]) => ({
  class_name: "InputLayer",
  name,
  config: { name, batch_input_shape: [null, ...dims] },
  inbound_nodes: [],
});

/** A model of one operation on its inputs. */
function modelOf(inputs: readonly Numbers[], operation: Record<string, unknown>, outputs = 1) {
  return {
    class_name: "Functional",
    config: {
      name: "m",
      layers: [
        ...inputs.map(({ dims }, i) => input(`x${i}`, dims.slice(1))),
        { name: "it", ...operation },
      ],
      input_layers: inputs.map((_, i) => [`x${i}`, 0, 0]),
      output_layers: Array.from({ length: outputs }, (_, i) => ["it", 0, i]),
    },
  };
}

/** What the operation makes of the inputs. */
async function result(
  inputs: readonly Numbers[],
  operation: Record<string, unknown>,
  outputs = 1,
): Promise<readonly Numbers[]> {
  const config = modelOf(inputs, operation, outputs);
  return runGraph(await graphOfKeras(config, memoryStore({}), { version: "3.8.0" }), inputs);
}

const tensorOf = (i: number) => ({
  class_name: "__keras_tensor__",
  config: { shape: [null], dtype: "float32", keras_history: [`x${i}`, 0, 0] },
});

const ofTensorflow = (name: string, named: object, first: unknown = ["x0", 0, 0]) => ({
  class_name: "TFOpLambda",
  config: { name: "it", function: name },
  inbound_nodes: [[...(first as unknown[]), named]],
});

const ofKeras = (className: string, args: unknown[], kwargs: object = {}, config: object = {}) => ({
  module: "keras.src.ops.numpy",
  class_name: className,
  config: { name: "it", ...config },
  inbound_nodes: [{ args, kwargs }],
});

const ofNode = (op: string, constants: object, attr: object = {}) => ({
  class_name: "TensorFlowOpLayer",
  config: { name: "it", node_def: JSON.stringify({ name: "it", op, attr }), constants },
  inbound_nodes: [[["x0", 0, 0, {}]]],
});

const map = counted([2, 3, 5, 4]);
const other = counted([2, 3, 5, 4], 2);
const row = counted([2, 6]);
const slices = [
  { start: null, stop: null, step: null },
  { start: 1, stop: 3, step: null },
];
const keySlice = (start: number | null, stop: number | null, step: number | null = null) => ({
  class_name: "__slice__",
  config: { start, stop, step },
});
const sums = (x: Numbers, y: Numbers) => ({ ...x, data: x.data.map((v, i) => v + y.data[i]!) });
const gated = mapped(map, (x) => x / (1 + Math.exp(-x)));
const means = every([2, 4], ([n = 0, c = 0]) => {
  const all = every([3, 5], ([h = 0, w = 0]) => at(map, [n, h, w, c]));
  return all.data.reduce((sum, x) => sum + x, 0) / 15;
});
const cut = every([2, 2, 5, 4], ([n = 0, h = 0, w = 0, c = 0]) => at(map, [n, h + 1, w, c]));
const lastTwo = every([2, 3, 5, 2], ([n = 0, h = 0, w = 0, c = 0]) => at(map, [n, h, w, c + 2]));
const column = every([2, 3, 5], ([n = 0, h = 0, w = 0]) => at(map, [n, h, w, 1]));

const cases: readonly (readonly [string, readonly Numbers[], Record<string, unknown>, Numbers])[] =
  [
    [
      "x + 2 of TensorFlow",
      [map],
      ofTensorflow("__operators__.add", { y: 2 }),
      mapped(map, (x) => x + 2),
    ],
    [
      "2 - x, whose first operand is a constant",
      [map],
      ofTensorflow("math.subtract", { y: ["x0", 0, 0] }, ["_CONSTANT_VALUE", -1, 2]),
      mapped(map, (x) => 2 - x),
    ],
    [
      "x + y by name",
      [map, other],
      ofTensorflow("math.add", { y: ["x1", 0, 0], name: null }),
      sums(map, other),
    ],
    ["a mean", [map], ofTensorflow("math.reduce_mean", { axis: [1, 2], keepdims: false }), means],
    ["SiLU", [map], ofTensorflow("nn.silu", {}), gated],
    [
      "a reshape",
      [map],
      ofTensorflow("reshape", { shape: [-1, 15, 4] }),
      { dims: [2, 15, 4], data: map.data },
    ],
    [
      "a slice",
      [map],
      {
        ...ofTensorflow("__operators__.getitem", { slice_spec: slices }),
        class_name: "SlicingOpLambda",
      },
      cut,
    ],
    [
      "a join",
      [map, other],
      {
        class_name: "TFOpLambda",
        config: { name: "it", function: "concat" },
        inbound_nodes: [
          [
            ["x0", 0, 0, { axis: 1 }],
            ["x1", 0, 0, { axis: 1 }],
          ],
        ],
      },
      every([2, 6, 5, 4], ([n = 0, h = 0, w = 0, c = 0]) =>
        h < 3 ? at(map, [n, h, w, c]) : at(other, [n, h - 3, w, c]),
      ),
    ],
    [
      "a clip",
      [map],
      ofTensorflow("clip_by_value", { clip_value_min: 0, clip_value_max: 0.5 }),
      mapped(map, (x) => Math.min(Math.max(x, 0), 0.5)),
    ],
    ["a node of TensorFlow 2.0", [map], ofNode("AddV2", { 1: 1.5 }), mapped(map, (x) => x + 1.5)],
    [
      "a node whose constant comes first",
      [map],
      ofNode("Sub", { 0: 1 }),
      mapped(map, (x) => 1 - x),
    ],
    ["a node's mean", [map], ofNode("Mean", { 1: [1, 2] }, { keep_dims: { b: false } }), means],
    [
      "x / 255 of keras.ops",
      [map],
      ofKeras("TrueDivide", [tensorOf(0), 255]),
      mapped(map, (x) => x / 255),
    ],
    [
      "x + y of keras.ops",
      [map, other],
      ofKeras("Add", [tensorOf(0), tensorOf(1)]),
      sums(map, other),
    ],
    [
      "a mean by its configuration",
      [map],
      ofKeras("Mean", [tensorOf(0)], {}, { axis: [1, 2], keepdims: false }),
      means,
    ],
    [
      "a new shape",
      [row],
      ofKeras("Reshape", [tensorOf(0)], {}, { newshape: [-1, 2, 3] }),
      { dims: [2, 2, 3], data: row.data },
    ],
    [
      "another order",
      [map],
      ofKeras("Transpose", [tensorOf(0)], {}, { axes: [0, 2, 1, 3] }),
      permuted(map, [0, 2, 1, 3]),
    ],
    [
      "the last channels",
      [map],
      ofKeras("GetItem", [
        tensorOf(0),
        [{ class_name: "__ellipsis__", config: {} }, keySlice(2, null)],
      ]),
      lastTwo,
    ],
    [
      "one channel",
      [map],
      ofKeras("GetItem", [
        tensorOf(0),
        [keySlice(null, null), keySlice(null, null), keySlice(null, null), 1],
      ]),
      column,
    ],
    [
      "a softmax",
      [row],
      ofKeras("Softmax", [tensorOf(0)], {}, { axis: -1 }),
      every([2, 6], ([n = 0, c = 0]) => {
        const powers = row.data.slice(6 * n, 6 * n + 6).map(Math.exp);
        return powers[c]! / powers.reduce((sum, x) => sum + x, 0);
      }),
    ],
    [
      "a power",
      [mapped(map, Math.abs)],
      ofKeras("Power", [tensorOf(0), 2]),
      mapped(map, (x) => x * x),
    ],
    [
      "new axes",
      [row],
      ofKeras("ExpandDims", [tensorOf(0)], {}, { axis: 1 }),
      { dims: [2, 1, 6], data: row.data },
    ],
    [
      "a list of numbers",
      [row],
      ofKeras("Multiply", [
        tensorOf(0),
        { class_name: "__numpy__", config: { value: [1, 2, 3, 4, 5, 6], dtype: "float32" } },
      ]),
      every([2, 6], ([n = 0, c = 0]) => at(row, [n, c]) * (c + 1)),
    ],
  ];

test.each(cases)("%s", async (where, inputs, operation, wanted) => {
  const [got] = await result(inputs, operation);
  expectAlike(got!, wanted, where);
});

const squares = every([2, 4], ([n = 0, c = 0]) => {
  const all = every([3, 5], ([h = 0, w = 0]) => (at(map, [n, h, w, c]) - at(means, [n, c])) ** 2);
  return all.data.reduce((sum, x) => sum + x, 0) / 15;
});
const byConfig = (className: string, config: object, more: readonly unknown[] = []) =>
  ofKeras(className, [tensorOf(0), ...more], {}, config);
const step = (start: number | null, stop: number | null, by: number) => [
  { class_name: "__ellipsis__", config: {} },
  keySlice(start, stop, by),
];

test.each([
  ["Elu", { alpha: 0.5 }, mapped(map, (x) => (x > 0 ? x : 0.5 * Math.expm1(x)))],
  ["Celu", { alpha: 1.5 }, mapped(map, (x) => (x > 0 ? x : 1.5 * Math.expm1(x / 1.5)))],
  ["Squareplus", { b: 4 }, mapped(map, (x) => (x + Math.sqrt(x * x + 4)) / 2)],
  ["Round", { decimals: 0 }, mapped(map, Math.round)],
  ["Var", { axis: [1, 2], keepdims: false }, squares],
  ["Std", { axis: [1, 2], keepdims: false }, mapped(squares, Math.sqrt)],
  [
    "Flip",
    { axis: 1 },
    every(map.dims, ([n = 0, h = 0, w = 0, c = 0]) => at(map, [n, 2 - h, w, c])),
  ],
  ["Moveaxis", { source: -1, destination: 1 }, permuted(map, [0, 3, 1, 2])],
  ["Swapaxes", { axis1: 1, axis2: 2 }, permuted(map, [0, 2, 1, 3])],
] as const)("%s of keras.ops, %j", async (className, config, wanted) => {
  const [got] = await result([map], byConfig(className, config));
  expectAlike(got!, wanted, className);
});

test("Log1p of keras.ops", async () => {
  const positive = mapped(map, Math.abs);
  const [got] = await result([positive], byConfig("Log1p", {}));
  expectAlike(got!, mapped(positive, Math.log1p), "Log1p");
});

test("channels are turned around", async () => {
  const [got] = await result([map], byConfig("GetItem", {}, [step(null, null, -1)]));
  const turned = every(map.dims, ([n = 0, h = 0, w = 0, c = 0]) => at(map, [n, h, w, 3 - c]));
  expectAlike(got!, turned, "backwards");
});

test("numbers are chosen by a comparison, which counts as 0 and 1 in a product", async () => {
  const of = (name: string) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null], dtype: "bool", keras_history: [name, 0, 0] },
  });
  const layers = [
    input("x0", map.dims.slice(1)),
    { ...ofKeras("Greater", [tensorOf(0), 0.1]), name: "larger" },
    { ...ofKeras("Where", [of("larger"), tensorOf(0), 7]), name: "chosen" },
    { ...ofKeras("Multiply", [of("larger"), tensorOf(0)]), name: "product" },
  ];
  const ends = {
    input_layers: [["x0", 0, 0]],
    output_layers: ["chosen", "product"].map((name) => [name, 0, 0]),
  };
  const config = { class_name: "Functional", config: { name: "m", layers, ...ends } };
  const graph = await graphOfKeras(config, memoryStore({}), { version: "3.8.0" });
  const [chosen, product] = await runGraph(graph, [map]);
  expectAlike(
    chosen!,
    mapped(map, (x) => (x > 0.1 ? x : 7)),
    "chosen",
  );
  expectAlike(
    product!,
    mapped(map, (x) => (x > 0.1 ? x : 0)),
    "product",
  );
});

test("operations of .h5 files, which name no module, are told by what layers say of themselves", async () => {
  const { module: _, ...operation } = byConfig("Prod", { axis: -1, keepdims: false, dtype: null });
  const [got] = await result([map], operation);
  const products = every([2, 3, 5], ([n = 0, h = 0, w = 0]) =>
    [0, 1, 2, 3].reduce((product, c) => product * at(map, [n, h, w, c]), 1),
  );
  expectAlike(got!, products, "products");
});

test.each([
  ["Relu", { slope: 0.3 }, "slope"],
  ["Squareplus", { b: 1 }, "b"],
  ["Add", { data_format: "channels_first" }, "data_format"],
] as const)("what %s would leave out is refused: %j", async (className, config, named) => {
  const more = className === "Add" ? [1] : [];
  await expect(result([map], byConfig(className, config, more))).rejects.toThrow(`"${named}"`);
});

const single: Numbers = { dims: [2, 1, 1, 1], data: [3, 5] };
const among = { squeeze_dims: { list: { i: ["1", "2"] } }, T: { type: "DT_FLOAT" } };

test("a node's lists are read, and axes are dropped where there are any", async () => {
  const [got] = await result([single], ofNode("Squeeze", {}, among));
  expect(got).toEqual({ dims: [2, 1], data: [3, 5] });
  const none = { squeeze_dims: { list: {} } };
  const one: Numbers = { dims: [1, 2], data: [3, 5] };
  expect(await result([one], ofNode("Squeeze", {}, none))).toEqual([one]);
});

test("a map of one channel whose sizes are open becomes one without channels", async () => {
  const squeeze = byConfig("Squeeze", { axis: -1 });
  const grey: Numbers = { dims: [2, 2, 3, 1], data: counted([2, 2, 3]).data };
  const open = modelOf([grey], squeeze);
  open.config.layers[0] = input("x0", [null, null, 1]);
  const graph = await graphOfKeras(open, memoryStore({}), { version: "3.8.0" });
  expect(graph.outputs[0]!.dims).toEqual(["N", "?", "?"]);
  const [got] = await result([grey], squeeze);
  expectAlike(got!, counted([2, 2, 3]), "without channels");
});

test("pictures are resized between corners as TensorFlow 1 did, unless the file says otherwise", async () => {
  const grey: Numbers = { dims: [1, 1, 2, 1], data: [0, 4] };
  const resized = async (attr: object) => {
    const operation = ofNode("ResizeBilinear", { 1: [1, 4] }, attr);
    return (await result([grey], operation))[0]!.data;
  };
  const centred = { half_pixel_centers: { b: true }, align_corners: { b: false } };
  expect(await resized({ half_pixel_centers: { b: false } })).toEqual([0, 2, 4, 4]);
  expect(await resized(centred)).toEqual([0, 1, 3, 4]);
  await expect(resized({ align_corners: { b: true } })).rejects.toThrow('"align_corners"');
});

test.each([
  ["BiasAdd", { 1: [1, 2, 3, 4] }, {}],
  ["DepthToSpace", {}, { block_size: { i: "2" } }],
] as const)("%s of a node with channels first is refused", async (op, constants, more) => {
  const first = { data_format: { s: "TkNIVw==" }, ...more };
  await expect(result([map], ofNode(op, constants, first))).rejects.toThrow('"data_format"');
  const last = { data_format: { s: "TkhXQw==" }, ...more };
  expect(await result([map], ofNode(op, constants, last))).toHaveLength(1);
});

test("parts of a split are values of their own", async () => {
  const split = ofTensorflow("split", { num_or_size_splits: 2, axis: -1 });
  const [first, second] = await result([map], split, 2);
  expectAlike(second!, lastTwo, "the second half");
  expect(first!.data.length).toBe(second!.data.length);
});

test("operations that are not known are refused by name", async () => {
  const refusal = result([map], ofTensorflow("math.cumulative_logsumexp", {}));
  await expect(refusal).rejects.toThrow(
    'keras: layer "it" (TFOpLambda): its operation "cumulative_logsumexp" must be known. use layers of Keras in its place and save the model again.',
  );
});
