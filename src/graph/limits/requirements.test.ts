/** @file Nodes with which ONNX Runtime 1.30 ends the process or never ends, and neighbours of theirs that are fine. */
import { expect, test } from "vitest";
import type { AttributeInput } from "../attributes.ts";
import { tensorOf, zeros, type Tensor } from "../tensor.ts";
import { execute, floats, graphOf, int, ints, node } from "../../../test/node-lines.ts";
import { trace } from "../trace.ts";

type Attributes = Readonly<Record<string, AttributeInput>>;
type Constants = Readonly<Record<string, Tensor>>;

const traced = (line: string, attributes: Attributes, constants: Constants) =>
  trace(
    graphOf([node(line, attributes)], constants),
    { x: zeros("float32", [1, 3, 8, 8]) },
    execute,
  );

const values = (count: number) => floats(...Array<number>(count).fill(0.5));
const empty = zeros("float32", [2, 0]);
const signal = zeros("float32", [1, 16, 1]);

/** A line, what is wrong with it, and what is said. */
const refused: readonly [string, Attributes, Constants, RegExp][] = [
  [
    "y = NegativeLogLikelihoodLoss(x, a)",
    {},
    { a: zeros("int64", [1, 8, 2]) },
    /input 1 must be a label a position, \[1, 8, 8\], got \[1, 8, 2\]/,
  ],
  ["y = Resize(x, , x)", {}, {}, /input 2 must be a list of 4 numbers, got \[1, 3, 8, 8\]/],
  ["y = Resize(x, , a)", {}, { a: zeros("float32", [1, 1, 2, 2]) }, /input 2 must be a list of 4/],
  ["y = Resize(x, , a)", {}, { a: floats(1, 1, 2) }, /input 2 must be a list of 4 numbers/],
  [
    "y = Resize(x, , a)",
    {},
    { a: floats(1, 1, 2, Number.NaN) },
    /numbers of input 2 must be .*NaN/,
  ],
  ["y = Resize(x, , a)", {}, { a: floats(1, 1, 2, -1) }, /numbers of input 2 must be .*got -1/],
  ["y = Resize(x, , , a)", {}, { a: ints(1, 3, 0, 8) }, /numbers of input 3 must be 1 to/],
  ["y = Resize(x, , a)", { axes: [2, 9] }, { a: floats(2, 2) }, /attribute axes must hold -4 to 3/],
  [
    "y = Resize(x, r, , a)",
    { mode: "linear", coordinate_transformation_mode: "tf_crop_and_resize" },
    { r: floats(0, 1), a: ints(1, 3, 8, 8) },
    /input 1 must be a list of 8/,
  ],
  [
    "y = MaxPool(x)",
    { kernel_shape: [2, 2], strides: [2 ** 31, 1] },
    {},
    /attribute strides must hold 1 to/,
  ],
  [
    "y = AveragePool(x)",
    { kernel_shape: [3, 2 ** 30], auto_pad: "SAME_LOWER", count_include_pad: 1 },
    {},
    /attribute kernel_shape must hold 1 to 1032/,
  ],
  [
    "y = MaxPool(x)",
    { kernel_shape: [2, 2], dilations: [0, 1] },
    {},
    /attribute dilations must hold 1/,
  ],
  [
    "y = MaxPool(x)",
    { kernel_shape: [2, 2], pads: [0, 0] },
    {},
    /attribute pads must have 4 numbers, got 2/,
  ],
  [
    "y = Conv(x, w)",
    { group: 0 },
    { w: zeros("float32", [2, 3, 1, 1]) },
    /attribute group must be 1 to 2, got 0/,
  ],
  ["y = Unique(a)", { axis: 0 }, { a: empty }, /input 0 must have elements, got \[2, 0\]/],
  [
    "y = InstanceNormalization(a, b, b)",
    {},
    { a: zeros("float32", [1, 3, 0]), b: values(3) },
    /input 0 must have elements/,
  ],
  [
    "y = BatchNormalization(x, b, b, b, b)",
    { training_mode: 5 },
    { b: values(3) },
    /training_mode must be 0 to 1/,
  ],
  [
    "y = LayerNormalization(x, b)",
    { axis: 2 ** 31 },
    { b: values(8) },
    /attribute axis must be -4 to 3/,
  ],
  [
    "y = GatherND(x, i)",
    { batch_dims: -2 },
    { i: zeros("int64", [2, 1]) },
    /batch_dims must be 0 to 1, got -2/,
  ],
  [
    "y = OneHot(i, d, b)",
    {},
    { i: ints(1), d: ints(), b: values(2) },
    /input 1 must be one number, got \[0\]/,
  ],
  [
    "y = Split(x)",
    { axis: 1, num_outputs: 3 },
    {},
    /num_outputs must be its number of outputs, 1, got 3/,
  ],
  [
    "y = RandomNormal()",
    { shape: [2], scale: -1 },
    {},
    /attribute scale must be a positive number, got -1/,
  ],
  ["y = DepthToSpace(x)", { blocksize: 2 ** 32 }, {}, /attribute blocksize must be 1 to 32768/],
  [
    "y = STFT(s, a, , b)",
    {},
    { s: signal, a: int(4), b: int(0) },
    /numbers of input 3 must be 1 to/,
  ],
  [
    "y = STFT(s, a, b)",
    {},
    { s: signal, a: int(4), b: tensorOf("float32", [], [1]) },
    /input 2 must be a list/,
  ],
  ["y = DFT(s, , a)", {}, { s: signal, a: ints() }, /input 2 must be one number/],
  ["y = DFT(s)", {}, { s: zeros("float32", [1, 0, 2]) }, /input 0 must have elements/],
  ["y = TopK(a, k)", {}, { a: empty, k: ints(1) }, /input 0 must have elements/],
  [
    "y = RoiAlign(x, r, i)",
    {},
    { r: zeros("float32", [1, 4]), i: ints(7) },
    /numbers of input 2 must be 0 to 0, got 7/,
  ],
  [
    "y = RoiAlign(a, r, i)",
    {},
    { a: zeros("float32", [1, 2, 0, 8]), r: zeros("float32", [1, 4]), i: ints(0) },
    /must have elements/,
  ],
  ["y = Tile(x, a)", {}, { a: ints(1, 1, 2) }, /input 1 must be a list of 4 numbers/],
  [
    "y = Pad(x, a)",
    {},
    { a: ints(0, 0, -9, 0, 0, 0, 0, 0) },
    /pads must leave axis 2 of \[1, 3, 8, 8\]/,
  ],
  [
    "y = Reshape(x, a)",
    {},
    { a: ints(...Array<number>(70).fill(1), 192) },
    /at most 64 axes, got 71/,
  ],
];

test.each(refused)("%s %j is refused", async (line, attributes, constants, said) => {
  await expect(traced(line, attributes, constants)).rejects.toMatchObject({
    code: "bad-file",
    message: expect.stringMatching(said) as string,
  });
});

/** The same operators as files rightly have them. */
const allowed: readonly [string, Attributes, Constants][] = [
  ["y = Resize(x, , a)", {}, { a: floats(1, 1, 2, 2) }],
  ["y = Resize(x, r, e, a)", {}, { r: values(0), e: values(0), a: ints(1, 3, 4, 4) }],
  ["y = Resize(x, , a)", { axes: [-1, -2] }, { a: floats(2, 0.5) }],
  ["y = MaxPool(x)", { kernel_shape: [1, 1], strides: [9, 9] }, {}],
  ["y = AveragePool(x)", { kernel_shape: [8, 8] }, {}],
  ["y = Conv(x, w)", { group: 3 }, { w: zeros("float32", [6, 1, 3, 3]) }],
  ["y = GatherND(x, i)", { batch_dims: 1 }, { i: zeros("int64", [1, 2]) }],
  ["y = LayerNormalization(x, b)", { axis: -1 }, { b: values(8) }],
  ["y = OneHot(i, d, b)", { axis: 0 }, { i: ints(1), d: ints(3), b: values(2) }],
  ["y = Split(x)", { axis: 1, num_outputs: 1 }, {}],
  ["y = STFT(s, a, , b)", {}, { s: signal, a: int(4), b: int(8) }],
  ["y = Pad(x, a)", {}, { a: ints(0, 0, -4, 0, 0, 0, 4, 0) }],
  ["y = Flatten(x)", { axis: 4 }, {}],
];

test.each(allowed)("%s %j runs", async (line, attributes, constants) => {
  await expect(traced(line, attributes, constants)).resolves.toBeDefined();
});
