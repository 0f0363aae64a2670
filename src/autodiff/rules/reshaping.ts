/** @file Gradient rules of operators that leave all elements there and give them another shape. */
import type { GradientRule, RuleTable } from "../rule.ts";

/** y holds the elements of x in another shape; dx = dy in x's shape. */
const reshaped: GradientRule = (n, b) => [b.reshape(n.grad(0), n.in(0).dims)];

/** y is x with its axes in another order; dx is dy with the order undone. */
const transpose: GradientRule = (n, b) => {
  const rank = n.in(0).dims.length;
  const order = n.ints(
    "perm",
    Array.from({ length: rank }, (_, axis) => rank - 1 - axis),
  );
  return [
    b.transpose(
      n.grad(0),
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ];
};

export const reshaping = {
  // y = x spread along axes of size 1; the walk sums them back
  Expand: (n) => [n.grad(0)],
  Flatten: reshaped,
  Reshape: reshaped,
  Squeeze: reshaped,
  Transpose: transpose,
  Unsqueeze: reshaped,
} satisfies RuleTable;
