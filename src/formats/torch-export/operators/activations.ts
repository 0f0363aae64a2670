/** @file PyTorch's activation functions. */
import type { Value } from "../../../graph/builder.ts";
import type { Call, Rule, RuleTable } from "../call.ts";

/** An operator of ONNX that is the same. */
function as(operator: string): Rule {
  return (c) => c.op(operator, [c.tensor("self")]);
}

function clipped(c: Call, low: number, high: number): Value {
  const x = c.tensor("self");
  return c.op("Clip", [x, c.scalar(low, x.type), c.scalar(high, x.type)]);
}

/** SELU is written as a scaled ELU. */
const elu: Rule = (c) => {
  const inside = c.number("input_scale", 1);
  if (inside !== 1) c.refuse("input_scale must be 1", inside);
  const scale = c.number("scale", 1);
  const found = c.op("Elu", [c.tensor("self")], { alpha: c.number("alpha", 1) });
  return scale === 1 ? found : c.b.scale(found, scale);
};

/** One slope, or one a channel. */
const prelu: Rule = (c) => {
  const x = c.tensor("self");
  const slope = c.tensor("weight");
  const isPerChannel = slope.dims.length === 1 && slope.dims[0] !== 1;
  const isShaped = slope.dims.length > 1 || x.dims.length < 2;
  if (!isPerChannel || isShaped) return c.op("PRelu", [x, slope]);
  const dims = x.dims.slice(1).map((_, axis) => (axis === 0 ? slope.dims[0]! : 1));
  return c.op("PRelu", [x, c.b.reshape(slope, dims)]);
};

/** Above this the logarithm is the input itself, to the last digit of a float. */
const farOut = 16;

const softplus: Rule = (c) => {
  const beta = c.number("beta", 1);
  const threshold = c.number("threshold", 20);
  const x = c.tensor("self");
  const scaled = beta === 1 ? x : c.b.scale(x, beta);
  const smooth = c.op("Softplus", [scaled]);
  const found = beta === 1 ? smooth : c.b.scale(smooth, 1 / beta);
  if (threshold >= farOut) return found;
  return c.b.where(c.b.greater(scaled, c.scalar(threshold, x.type)), x, found);
};

const softmax: Rule = (c) => {
  const x = c.b.cast(c.tensor("self"), c.output.type);
  const operator = c.operator.includes("log") ? "LogSoftmax" : "Softmax";
  return c.op(operator, [x], { axis: c.axis("dim", x.dims.length) });
};

const threshold: Rule = (c) => {
  const x = c.tensor("self");
  const isAbove = c.b.greater(x, c.scalar(c.number("threshold"), x.type));
  return c.b.where(isAbove, x, c.scalar(c.number("value"), x.type));
};

const glu: Rule = (c) => {
  const x = c.tensor("self");
  const axis = c.axis("dim", x.dims.length, -1);
  const half = x.dims[axis]! / 2;
  const [value, gate] = c.b.ops("Split", [x, c.b.ints([half, half])], 2, { axis });
  return c.b.mul(value!, c.op("Sigmoid", [gate!]));
};

const silu: Rule = (c) => {
  const x = c.tensor("self");
  return c.b.mul(x, c.op("Sigmoid", [x]));
};

export const activations: RuleTable = {
  relu: as("Relu"),
  relu6: (c) => clipped(c, 0, 6),
  hardtanh: (c) => clipped(c, c.number("min_val", -1), c.number("max_val", 1)),
  sigmoid: as("Sigmoid"),
  tanh: as("Tanh"),
  hardswish: as("HardSwish"),
  hardsigmoid: (c) => c.op("HardSigmoid", [c.tensor("self")], { alpha: 1 / 6, beta: 0.5 }),
  mish: as("Mish"),
  selu: as("Selu"),
  celu: (c) => c.op("Celu", [c.tensor("self")], { alpha: c.number("alpha", 1) }),
  elu,
  gelu: (c) => c.op("Gelu", [c.tensor("self")], { approximate: c.text("approximate", "none") }),
  silu,
  leaky_relu: (c) =>
    c.op("LeakyRelu", [c.tensor("self")], { alpha: c.number("negative_slope", 0.01) }),
  rrelu: (c) => {
    const mean = (c.number("lower", 1 / 8) + c.number("upper", 1 / 3)) / 2;
    return c.op("LeakyRelu", [c.tensor("self")], { alpha: mean });
  },
  prelu,
  _prelu_kernel: prelu,
  softplus,
  softsign: as("Softsign"),
  softmax,
  _softmax: softmax,
  log_softmax: softmax,
  _log_softmax: softmax,
  log_sigmoid: (c) => c.b.neg(c.op("Softplus", [c.b.neg(c.tensor("self"))])),
  hardshrink: (c) => c.op("Shrink", [c.tensor("self")], { lambd: c.number("lambd", 0.5) }),
  softshrink: (c) => {
    const lambd = c.number("lambd", 0.5);
    return c.op("Shrink", [c.tensor("self")], { lambd, bias: lambd });
  },
  threshold,
  glu,
};
