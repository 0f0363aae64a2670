/** @file Small networks drawn at random, each written in an opset from 1 to 6 and again in opset 13. */
import { tensorOf } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";
import { Drawing, type Attributes } from "./old-drawing.ts";
import { float, integers, type OldModel } from "./old-model.ts";

/** The same network in both opsets. */
export interface OldNetwork {
  readonly old: OldModel;
  readonly modern: OldModel;
}

const modernOpset = 13;

type Step = (d: Drawing) => void;

function unary(operator: string, attributes: (d: Drawing) => Attributes = () => ({})): Step {
  return (d) => {
    const given = attributes(d);
    d.step(operator, { attributes: { ...given, ...d.consumed() } }, { attributes: given });
  };
}

const number = (d: Drawing, low: number, high: number) => float(d.random.between(low, high));

const convolution: Step = (d) => {
  const made = d.oneOf(3, 4, 5);
  const inputs = [d.numbers([made, d.channels, 3, 3], -0.5, 0.5), d.numbers([made])];
  const form = { inputs, attributes: { pads: [1, 1, 1, 1], kernel_shape: [3, 3] } };
  d.step("Conv", form, form, d.dims.with(1, made));
};

/** Operand shapes of the old broadcast, and the same as today's. */
function binary(operator: string): Step {
  return (d) => {
    const [n, c, h, w] = d.dims as [number, number, number, number];
    const [laid, axis, today] = d.oneOf<readonly [number[], number | undefined, number[]]>(
      [[c], 1, [c, 1, 1]],
      [[c], -3, [c, 1, 1]],
      [[h, w], undefined, [h, w]],
      [[c, h], 1, [c, h, 1]],
      [[n, c], 0, [n, c, 1, 1]],
      [[w], undefined, [w]],
      [[w], 3, [w]],
      [[1], undefined, [1]],
      [[n, c, h, w], undefined, [n, c, h, w]],
    );
    const operand = d.numbers(laid, 0.5, 1.5);
    const broadcast =
      laid.length === 4 ? {} : { broadcast: 1, ...(axis === undefined ? {} : { axis }) };
    d.step(
      operator,
      {
        inputs: [operand],
        attributes: { ...broadcast, ...(operator === "Pow" ? {} : d.consumed()) },
      },
      { inputs: [{ ...operand, dims: today }] },
    );
  };
}

/** The value with itself through another operator. */
function joined(operator: string): Step {
  return (d) => {
    const before = d.value;
    d.step("Softsign", {});
    const output = d.name();
    const inputs = [d.value, before];
    d.nodes.old.push([operator, inputs, [output], d.consumed()]);
    d.nodes.modern.push([operator, inputs, [output]]);
    d.value = output;
  };
}

const batchNormalization: Step = (d) => {
  const spatial = d.oneOf(1, 1, 0);
  const dims = spatial === 1 ? [d.channels] : d.dims.slice(1);
  const inputs = [0, 1, 2].map(() => d.numbers(dims)).concat(d.numbers(dims, 0.5, 2));
  const epsilon = float(0.01);
  const attributes = { is_test: 1, epsilon, spatial, ...d.consumed() };
  if (spatial === 1) {
    d.step("BatchNormalization", { inputs, attributes }, { inputs, attributes: { epsilon } });
    return;
  }
  const before = d.value;
  const [scale, bias, mean, variance] = inputs.map((value) => d.constant(value)) as [
    string,
    string,
    string,
    string,
  ];
  const small = d.constant(tensorOf("float32", [], [0.01]));
  const [output, centred, shifted, deviation, normal, scaled] = Array.from({ length: 6 }, () =>
    d.name(),
  ) as [string, string, string, string, string, string];
  d.nodes.old.push([
    "BatchNormalization",
    [before, scale, bias, mean, variance],
    [output],
    attributes,
  ]);
  d.nodes.modern.push(
    ["Sub", [before, mean], [centred]],
    ["Add", [variance, small], [shifted]],
    ["Sqrt", [shifted], [deviation]],
    ["Div", [centred, deviation], [normal]],
    ["Mul", [normal, scale], [scaled]],
    ["Add", [scaled, bias], [output]],
  );
  d.value = output;
};

const prelu: Step = (d) => {
  const count = d.oneOf(1, d.channels);
  const slope = d.numbers([count], 0, 1);
  const modern = { inputs: [{ ...slope, dims: [count, 1, 1] }] };
  d.step("PRelu", { inputs: [slope], attributes: d.consumed() }, modern);
};

const pad: Step = (d) => {
  const pads = [0, 0, 1, 0, 0, 0, 2, 1];
  const value = d.oneOf(0, 1.5);
  const attributes = { [d.opset === 1 ? "paddings" : "pads"]: pads, value: float(value) };
  const modern = [integers("int64", pads), tensorOf("float32", [], [value])];
  const [n, c, h, w] = d.dims as [number, number, number, number];
  d.step("Pad", { attributes }, { inputs: modern }, [n, c, h + 3, w + 1]);
};

const slice: Step = (d) => {
  const bounds = [
    [1, 0],
    [1000, -1],
    [2, 3],
  ] as const;
  const [starts, ends, axes] = bounds;
  const inputs = bounds.map((list) => integers("int64", list));
  const [n, c, h, w] = d.dims as [number, number, number, number];
  if (Math.min(h, w) < 4) return;
  d.step("Slice", { attributes: { starts, ends, axes } }, { inputs }, [n, c, h - 1, w - 1]);
};

const upsample: Step = (d) => {
  const mode = d.oneOf("nearest", "bilinear");
  const [n, c, h, w] = d.dims as [number, number, number, number];
  if (h * w > 150) return;
  d.step(
    "Upsample",
    { attributes: { height_scale: float(2), width_scale: float(3), mode } },
    {
      operator: "Resize",
      inputs: [tensorOf("float32", [0], []), tensorOf("float32", [4], [1, 1, 2, 3])],
      attributes: {
        mode: mode === "nearest" ? mode : "linear",
        nearest_mode: "floor",
        coordinate_transformation_mode: "asymmetric",
      },
    },
    [n, c, h * 2, w * 3],
  );
};

const reshape: Step = (d) => {
  const [n, c, h, w] = d.dims as [number, number, number, number];
  const shape = [0, -1, w, h];
  const input = { inputs: [integers("int64", shape)] };
  d.step("Reshape", d.opset < 5 ? { attributes: { shape, ...d.consumed() } } : input, input, [
    n,
    c,
    w,
    h,
  ]);
};

const cutAndJoined: Step = (d) => {
  if (d.channels < 2) return;
  const sizes = [1, d.channels - 1];
  const [first, second, output] = [d.name(), d.name(), d.name()];
  const list = d.constant(integers("int64", sizes));
  const inFloats = d.constant(tensorOf("float32", [2], sizes));
  const listed = d.opset === 1 && d.oneOf(true, false);
  d.nodes.old.push(
    listed
      ? ["Split", [d.value, inFloats], [first, second], { axis: 1 }]
      : ["Split", [d.value], [first, second], { axis: 1, split: sizes }],
    ["Concat", [second, first], [output], d.opset < 4 ? {} : { axis: 1 }],
  );
  d.nodes.modern.push(
    ["Split", [d.value, list], [first, second], { axis: 1 }],
    ["Concat", [second, first], [output], { axis: 1 }],
  );
  d.value = output;
};

const tile: Step = (d) => {
  const [n, c, h, w] = d.dims as [number, number, number, number];
  if (c > 8) return;
  const modern = { inputs: [integers("int64", [1, 2, 1, 1])] };
  const old = { inputs: [tensorOf("float32", [1], [2]), tensorOf("float32", [1], [1])] };
  d.step("Tile", d.opset < 6 ? old : modern, modern, [n, c * 2, h, w]);
};

const castThereAndBack: Step = (d) => {
  for (const [name, code] of [
    ["DOUBLE", 11],
    ["FLOAT", 1],
  ] as const) {
    d.step("Cast", { attributes: { to: d.opset < 6 ? name : code } }, { attributes: { to: code } });
  }
};

function pool(operator: string, more: Attributes = {}): Step {
  return (d) => {
    const [n, c, h, w] = d.dims as [number, number, number, number];
    if (Math.min(h, w) < 4) return;
    const attributes = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };
    const dims = [n, c, Math.floor((h - 1) / 2) + 1, Math.floor((w - 1) / 2) + 1];
    const old = "p" in more && d.opset === 1 ? { p: float(Number(more["p"])) } : more;
    d.step(
      operator,
      { attributes: { ...attributes, ...old } },
      { attributes: { ...attributes, ...more } },
      dims,
    );
  };
}

const imageScaler: Step = (d) => {
  const bias = Array.from({ length: d.channels }, (_, i) => i / 4);
  const before = d.value;
  const [scaled, output] = [d.name(), d.name()];
  const offset = d.constant(tensorOf("float32", [d.channels, 1, 1], bias));
  const factor = d.constant(tensorOf("float32", [], [0.5]));
  const attributes = { scale: float(0.5), bias: { kind: "floats", value: bias } as const };
  d.nodes.old.push(["ImageScaler", [before], [output], attributes]);
  d.nodes.modern.push(["Mul", [before, factor], [scaled]], ["Add", [scaled, offset], [output]]);
  d.value = output;
};

const crop: Step = (d) => {
  const [n, c, h, w] = d.dims as [number, number, number, number];
  if (Math.min(h, w) < 5) return;
  const inputs = [
    [1, 0],
    [1000, -2],
    [2, 3],
  ].map((list) => integers("int64", list));
  d.step("Crop", { attributes: { border: [0, 1, 2, 0] } }, { operator: "Slice", inputs }, [
    n,
    c,
    h - 1,
    w - 2,
  ]);
};

const clip: Step = (d) => {
  const [min, max] = [d.random.between(-1, 0), d.random.between(0.5, 2)];
  const attributes = { min: float(min), max: float(max), ...d.consumed() };
  d.step("Clip", { attributes }, { inputs: [min, max].map((v) => tensorOf("float32", [], [v])) });
};

const instanceNormalization: Step = (d) => {
  const inputs = [d.numbers([d.channels]), d.numbers([d.channels])];
  d.step("InstanceNormalization", { inputs, attributes: d.consumed() }, { inputs });
};

const transpose: Step = (d) => {
  const [n, c, h, w] = d.dims as [number, number, number, number];
  d.step("Transpose", { attributes: { perm: [0, 1, 3, 2] } }, undefined, [n, c, w, h]);
};

/** What ONNX Runtime takes at opset 6. */
const taken: readonly Step[] = [
  convolution,
  convolution,
  ...["Relu", "Sigmoid", "Tanh", "Abs", "Neg"].map((operator) => unary(operator)),
  unary("Elu", (d) => ({ alpha: number(d, 0.5, 2) })),
  unary("LeakyRelu", (d) => ({ alpha: number(d, 0, 0.5) })),
  unary("HardSigmoid", (d) => ({ alpha: number(d, 0.1, 0.5), beta: number(d, 0, 1) })),
  unary("Selu", () => ({ alpha: float(1.6732), gamma: float(1.0507) })),
  clip,
  ...["Sum", "Mean", "Max", "Min"].map(joined),
  instanceNormalization,
  (d) => d.step("LRN", { attributes: { size: 3 } }),
  (d) => d.step("Softplus", {}),
  transpose,
  pool("MaxPool"),
  pool("LpPool", { p: 3 }),
  pad,
  slice,
  reshape,
  cutAndJoined,
  tile,
  castThereAndBack,
  imageScaler,
  crop,
];

/** What it refuses up to there. */
const refused: readonly Step[] = [
  ...["Add", "Sub", "Mul", "Div"].map(binary),
  (d) => {
    unary("Sigmoid")(d);
    binary("Pow")(d);
  },
  ...["Add", "Mul"].map(joined),
  batchNormalization,
  (d) => d.step("Dropout", { attributes: { is_test: 1, ...d.consumed() } }, {}),
  pool("AveragePool"),
  prelu,
  upsample,
];

/** Means of channels, a layer with a bias, probabilities. */
function head(d: Drawing, isTaken: boolean): void {
  const classes = 3;
  d.step("GlobalAveragePool", {});
  const flat = { inputs: [integers("int64", [0, -1])] };
  d.step("Reshape", d.opset < 5 ? { attributes: { shape: [0, -1] } } : flat, flat);
  const inputs = [d.numbers([classes, d.channels], -3, 3), d.numbers([classes])];
  const attributes = { transB: 1, alpha: float(0.5) };
  if (isTaken) d.step("MatMul", { inputs: [d.numbers([d.channels, classes], -3, 3)] });
  else
    d.step("Gemm", { inputs, attributes: { ...attributes, broadcast: 1 } }, { inputs, attributes });
  const output = d.value;
  for (const nodes of Object.values(d.nodes)) nodes.push(["Softmax", [output], ["y"], { axis: 1 }]);
}

/** A network of up to 6 layers and a head, in an opset from 1 to 6; with an odd seed one that ONNX Runtime takes. */
export function drawOldNetwork(seed: number): OldNetwork {
  const isTaken = seed % 2 === 1;
  const random = randomStream("old networks", seed);
  const opset = isTaken ? 6 : 1 + Math.floor(random.between(0, 6));
  const d = new Drawing(opset, random, [2, 3, 6, 7]);
  const count = 1 + Math.floor(random.between(0, 6));
  const steps = isTaken ? taken : [...taken, ...refused];
  for (let i = 0; i < count; i++) d.oneOf(...steps)(d);
  head(d, isTaken);
  const feeds = { x: d.numbers([2, 3, 6, 7], -2, 2) };
  const { constants, nodes } = d;
  return {
    old: { opset: d.opset, nodes: nodes.old, feeds, constants },
    modern: { opset: modernOpset, nodes: nodes.modern, feeds, constants },
  };
}
