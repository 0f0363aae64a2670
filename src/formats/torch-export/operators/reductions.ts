/** @file PyTorch's sums, means, extremes and the like over axes. */
import type { Value } from "../../../graph/builder.ts";
import { elementCount } from "../../../graph/tensor.ts";
import type { Call, Rule, RuleTable } from "../call.ts";

/** Over the axes of `dim`, all of them where none is given, in the output's type. */
function reduced(c: Call, operator: string, x: Value, dim = "dim"): Value {
  if (x.dims.length === 0) return x;
  const axes = c.axes(dim, x.dims.length);
  return c.op(operator, [x, c.b.ints(axes)], { keepdims: Number(c.flag("keepdim", false)) });
}

function reduction(operator: string): Rule {
  return (c) => reduced(c, operator, c.b.cast(c.tensor("self"), c.output.type));
}

/** Of flags: as of the numbers 0 and 1. */
function ofFlags(operator: string): Rule {
  return (c) => {
    const numbers = c.b.cast(c.operand("self", "bool"), "int32");
    return c.b.cast(reduced(c, operator, numbers), "bool");
  };
}

/** The extreme of all, or of an axis with its place. */
function extreme(operator: string, place: string): Rule {
  return (c) => {
    const x = c.tensor("self");
    if (c.isTensor("other")) {
      return c.op(operator === "ReduceMax" ? "Max" : "Min", [x, c.tensor("other")]);
    }
    if (!c.has("dim")) return reduced(c, operator, x);
    return [reduced(c, operator, x), placeOf(c, place, x)];
  };
}

function placeOf(c: Call, operator: string, x: Value): Value {
  const axis = c.axis("dim", x.dims.length);
  return c.op(operator, [x], { axis, keepdims: Number(c.flag("keepdim", false)) });
}

/** Without an axis it is the place among all elements. */
function place(operator: string): Rule {
  return (c) => {
    const x = c.tensor("self");
    if (c.has("dim")) return placeOf(c, operator, x);
    return c.op(operator, [c.b.op("Reshape", [x, c.b.ints([-1])])], { axis: 0, keepdims: 0 });
  };
}

/** The mean squared distance from the mean, over one less (or `correction` less) than there are. */
function variance(c: Call, x: Value): Value {
  const rank = x.dims.length;
  const axes = c.axes("dim", rank);
  const sizes = c.meta("self").sizes;
  const count = elementCount(c.fixed(axes.map((axis) => sizes[axis]!)));
  const less = c.has("unbiased") ? Number(c.flag("unbiased", true)) : c.number("correction", 1);
  const centred = c.b.sub(x, c.b.reduceMean(x, axes));
  const mean = c.b.reduceMean(c.b.mul(centred, centred), axes, c.flag("keepdim", false));
  if (count <= less) c.refuse(`more than ${less} numbers must be in a variance`, count);
  return c.b.scale(mean, count / (count - less));
}

function spread(finish: (c: Call, variance: Value) => Value): Rule {
  return (c) => finish(c, variance(c, c.tensor("self")));
}

const varianceAndMean: Rule = (c) => {
  const x = c.tensor("self");
  const axes = c.axes("dim", x.dims.length);
  return [variance(c, x), c.b.reduceMean(x, axes, c.flag("keepdim", false))];
};

/** (sum of |x|^p)^(1/p); the largest |x| for infinity. */
const norm: Rule = (c) => {
  const order = c.number(c.operator === "norm" ? "p" : "ord", 2);
  const x = c.b.cast(c.tensor("self"), c.output.type);
  if (order === 1) return reduced(c, "ReduceL1", x);
  if (order === 2) return reduced(c, "ReduceL2", x);
  if (order === Number.POSITIVE_INFINITY) return reduced(c, "ReduceMax", c.op("Abs", [x]));
  if (!(order > 0)) return c.refuse("the order of a norm must be above 0", order);
  const powers = c.op("Pow", [c.op("Abs", [x]), c.scalar(order, x.type)]);
  return c.op("Pow", [reduced(c, "ReduceSum", powers), c.scalar(1 / order, x.type)]);
};

const cumulativeSum: Rule = (c) => {
  const x = c.b.cast(c.tensor("self"), c.output.type);
  const axis = c.axis("dim", x.dims.length);
  return c.op("CumSum", [x, c.b.scalar(axis, "int64")]);
};

const topK: Rule = (c) => {
  const x = c.tensor("self");
  const axis = c.axis("dim", x.dims.length, -1);
  const attributes = { axis, largest: Number(c.flag("largest", true)), sorted: 1 };
  return c.b.ops("TopK", [x, c.b.ints([c.int("k")])], 2, attributes);
};

export const reductions: RuleTable = {
  mean: reduction("ReduceMean"),
  sum: reduction("ReduceSum"),
  amax: reduction("ReduceMax"),
  amin: reduction("ReduceMin"),
  prod: reduction("ReduceProd"),
  logsumexp: reduction("ReduceLogSumExp"),
  any: ofFlags("ReduceMax"),
  all: ofFlags("ReduceMin"),
  max: extreme("ReduceMax", "ArgMax"),
  min: extreme("ReduceMin", "ArgMin"),
  argmax: place("ArgMax"),
  argmin: place("ArgMin"),
  var: spread((_, found) => found),
  std: spread((c, found) => c.op("Sqrt", [found])),
  var_mean: varianceAndMean,
  norm,
  linalg_vector_norm: norm,
  cumsum: cumulativeSum,
  topk: topK,
};
