/** @file PyTorch's values made of nothing, copies, and changes of the element type. */
import type { Value } from "../../../graph/builder.ts";
import { elementCount } from "../../../graph/tensor.ts";
import type { Call, Rule, RuleTable } from "../call.ts";

/** One number in the output's shape. */
function filled(value: (c: Call) => number): Rule {
  return (c) => {
    const dims = c.fixed(c.output.sizes);
    return c.b.expand(c.scalar(value(c), c.output.type), dims);
  };
}

/** In the input's type or another. */
const copied: Rule = (c) => c.b.cast(c.tensor(c.has("self") ? "self" : "input"), c.output.type);

const counted: Rule = (c) => {
  const count = c.fixed(c.output.sizes)[0] ?? 0;
  const start = c.number("start", 0);
  const step = c.number("step", 1);
  return typed(
    c,
    c.listed(count, (i) => start + i * step),
    [count],
  );
};

function typed(c: Call, numbers: readonly number[], dims: readonly number[]): Value {
  const { type } = c.output;
  const isWhole = /^u?int/.test(type);
  const value = c.b.constant(numbers, dims, isWhole ? "int64" : "float32");
  return c.b.cast(value, type);
}

/** Half of a matrix: the triangle above or below a diagonal. */
function triangle(upper: 0 | 1): Rule {
  return (c) => {
    const x = c.tensor("self");
    const diagonal = c.b.scalar(c.int("diagonal", 0), "int64");
    return c.op("Trilu", [x, diagonal], { upper });
  };
}

/** Another value's numbers in the shape of this one. */
const overwritten: Rule = (c) => {
  const dims = c.fixed(c.output.sizes);
  if (elementCount(dims) === 0) c.refuse("values must have elements", "none");
  return c.b.expand(c.b.cast(c.tensor("src"), c.output.type), dims);
};

/** One number, of Python's or a tensor's, in the output's shape. */
const filledBy: Rule = (c) =>
  c.b.expand(c.operand("value", c.output.type), c.fixed(c.output.sizes));

/** From `start` to `end`, both among them. */
const spaced: Rule = (c) => {
  const count = c.int("steps");
  const [start, end] = [c.number("start"), c.number("end")];
  const step = count > 1 ? (end - start) / (count - 1) : 0;
  return typed(
    c,
    c.listed(count, (i) => start + i * step),
    [count],
  );
};

/** Ones on the diagonal. */
const identity: Rule = (c) => {
  const [rows, columns] = c.fixed(c.output.sizes) as [number, number];
  const numbers = c.listed(rows * columns, (i) => Number(Math.floor(i / columns) === i % columns));
  return typed(c, numbers, [rows, columns]);
};

export const creation: RuleTable = {
  contiguous: copied,
  clone: copied,
  detach: copied,
  alias: copied,
  lift_fresh: copied,
  lift_fresh_copy: copied,
  positive: copied,
  to: copied,
  _to_copy: copied,
  type_as: copied,
  float: copied,
  half: copied,
  copy: overwritten,
  full: filled((c) => c.number("fill_value")),
  full_like: filled((c) => c.number("fill_value")),
  new_full: filled((c) => c.number("fill_value")),
  fill: filledBy,
  // What is not set yet is written over before it is read.
  empty: filled(() => 0),
  empty_like: filled(() => 0),
  empty_permuted: filled(() => 0),
  new_empty: filled(() => 0),
  zeros: filled(() => 0),
  zeros_like: filled(() => 0),
  new_zeros: filled(() => 0),
  zero: filled(() => 0),
  ones: filled(() => 1),
  ones_like: filled(() => 1),
  new_ones: filled(() => 1),
  scalar_tensor: filled((c) => c.number("s")),
  arange: counted,
  linspace: spaced,
  eye: identity,
  tril: triangle(0),
  triu: triangle(1),
};
