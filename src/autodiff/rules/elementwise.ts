/** @file Gradient rules of functions that work element by element, and of arithmetic that is rare at the end of networks. */
import { LimpidError } from "../../errors.ts";
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { isRelu6 } from "../../graph/rectifiers.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";
import { unary } from "./arithmetic.ts";
import { masked } from "./masks.ts";

function one(n: NodeView, b: GraphBuilder): Value {
  return b.scalar(1, n.in(0).type);
}

function zero(n: NodeView, b: GraphBuilder): Value {
  return b.scalar(0, n.grad(0).type);
}

/**
 * y = max or min of x0, x1, ...; the first operand that equals y gets dy. (PyTorch divides dy evenly
 * among equal operands.)
 */
const extreme: GradientRule = (n, b) => {
  let rest = n.grad(0);
  const last = n.inputCount - 1;
  return Array.from({ length: n.inputCount }, (_, i) => {
    if (i === last) return rest;
    const chosen = b.op("Equal", [n.in(i), n.out(0)]);
    const gradient = n.needs(i) ? b.where(chosen, rest, zero(n, b)) : null;
    rest = b.where(chosen, zero(n, b), rest);
    return gradient;
  });
};

/** da = dy p a^(p - 1), written without Pow for the exponents of variances and standard deviations. */
function powerGradient(n: NodeView, b: GraphBuilder): Value {
  const a = n.in(0);
  const exponents = n.constant(1);
  const p = exponents?.length === 1 ? exponents[0]! : undefined;
  if (p === 0) return b.scale(n.grad(0), 0);
  if (p === 1) return n.grad(0);
  if (p === 2) return b.mul(n.grad(0), b.scale(a, 2));
  if (p === 0.5) return b.div(b.scale(n.grad(0), 0.5), n.out(0));
  if (p !== undefined) {
    const power = b.op("Pow", [a, b.scalar(p - 1, a.type)]);
    return b.mul(n.grad(0), b.scale(power, p));
  }
  const exponent = b.cast(n.in(1), a.type);
  const power = b.op("Pow", [a, b.sub(exponent, one(n, b))]);
  const flat = b.op("Equal", [exponent, b.scalar(0, a.type)]);
  return b.mul(n.grad(0), b.where(flat, zero(n, b), b.mul(exponent, power)));
}

/** dp = dy y log(a), and 0 at a = 0 (as PyTorch for p >= 0). */
function exponentGradient(n: NodeView, b: GraphBuilder): Value {
  const a = n.in(0);
  const slope = b.mul(n.out(0), b.op("Log", [a]));
  const atZero = b.op("Equal", [a, b.scalar(0, a.type)]);
  const gradient = b.mul(n.grad(0), b.where(atZero, zero(n, b), slope));
  return b.cast(gradient, n.in(1).type);
}

const cast: GradientRule = (n, b) => {
  if (!n.out(0).type.includes("float")) return [null];
  const { type } = n.in(0);
  return [type.includes("float") ? b.cast(n.grad(0), type) : n.grad(0)];
};

/** y = x in inference; in training y = x mask / (1 - ratio), which needs the mask. */
const dropout: GradientRule = (n, b) => {
  const training = n.hasIn(2) && n.requireConstant(2, "training_mode")[0] !== 0;
  if (!training) return [n.grad(0)];
  const ratio = n.hasIn(1) ? n.requireConstant(1, "ratio")[0]! : 0.5;
  if (ratio === 0) return [n.grad(0)];
  if (!n.node.outputs[1]) {
    throw new LimpidError(
      "unsupported-operator",
      `differentiate: Dropout "${n.node.name}" in training mode must have its mask as an output, got one output. export the model with the mask or in inference mode.`,
    );
  }
  return [b.where(n.out(1), b.scale(n.grad(0), 1 / (1 - ratio)), zero(n, b))];
};

/** Where a Clip passes gradients to x. */
function passes(n: NodeView, b: GraphBuilder): Value {
  const y = n.out(0);
  if (!isRelu6((i) => n.constant(i))) return b.op("Equal", [n.in(0), y]);
  const above = b.greater(y, b.scalar(0, y.type));
  return b.op("And", [above, b.op("Less", [y, b.scalar(6, y.type)])]);
}

export const elementwise = {
  // y = |x|; dx = dy sign(x), 0 at 0
  Abs: unary((dy, n, b) => {
    const nil = b.scalar(0, n.in(0).type);
    const negative = b.where(b.op("Less", [n.in(0), nil]), b.neg(dy), nil);
    return b.where(b.greater(n.in(0), nil), dy, negative);
  }),
  // dx = -dy / sqrt(1 - x^2)
  Acos: unary((dy, n, b) => b.neg(b.div(dy, b.op("Sqrt", [b.sub(one(n, b), square(n, b))])))),
  // dx = dy / sqrt(x^2 - 1)
  Acosh: unary((dy, n, b) => b.div(dy, b.op("Sqrt", [b.sub(square(n, b), one(n, b))]))),
  // dx = dy / sqrt(1 - x^2)
  Asin: unary((dy, n, b) => b.div(dy, b.op("Sqrt", [b.sub(one(n, b), square(n, b))]))),
  // dx = dy / sqrt(x^2 + 1)
  Asinh: unary((dy, n, b) => b.div(dy, b.op("Sqrt", [b.add(square(n, b), one(n, b))]))),
  // dx = dy / (1 + x^2)
  Atan: unary((dy, n, b) => b.div(dy, b.add(square(n, b), one(n, b)))),
  // dx = dy / (1 - x^2)
  Atanh: unary((dy, n, b) => b.div(dy, b.sub(one(n, b), square(n, b)))),
  // y = x as another type; dx = dy as the type of x, where both are floats
  Cast: cast,
  // as Cast
  CastLike: cast,
  // y = min(max(x, low), high); dx = dy where low <= x <= high, so where y = x; the bound gets the rest; of
  // ReLU6 dx = dy where 0 < y < 6 (as PyTorch and TensorFlow), for which x need not be kept
  Clip: (n, b) => {
    const gradients = [
      n.needs(0) ? masked(n, b, passes(n, b)) : null,
      n.needs(1) ? b.where(b.op("Less", [n.in(0), n.in(1)]), n.grad(0), zero(n, b)) : null,
      n.needs(2) ? b.where(b.greater(n.in(0), n.in(2)), n.grad(0), zero(n, b)) : null,
    ];
    return gradients.slice(0, n.inputCount);
  },
  // dx = -dy sin(x)
  Cos: unary((dy, n, b) => b.neg(b.mul(dy, b.op("Sin", [n.in(0)])))),
  // dx = dy sinh(x)
  Cosh: unary((dy, n, b) => b.mul(dy, b.op("Sinh", [n.in(0)]))),
  // y = x, in training x mask / (1 - ratio); dx = dy, in training dy mask / (1 - ratio)
  Dropout: dropout,
  // dx = dy 2 / sqrt(pi) exp(-x^2)
  Erf: unary((dy, n, b) =>
    b.mul(dy, b.scale(b.op("Exp", [b.neg(square(n, b))]), 2 / Math.sqrt(Math.PI))),
  ),
  // dx = dy y
  Exp: unary((dy, n, b) => b.mul(dy, n.out(0))),
  // dx = dy / x
  Log: unary((dy, n, b) => b.div(dy, n.in(0))),
  // y = max(x0, x1, ...); the first that equals y gets dy
  Max: extreme,
  // y = (x0 + x1 + ...) / count; each dx = dy / count
  Mean: (n, b) => {
    const share = b.scale(n.grad(0), 1 / n.inputCount);
    return Array<Value>(n.inputCount).fill(share);
  },
  // y = min(x0, x1, ...); the first that equals y gets dy
  Min: extreme,
  // y = a - b q with a whole quotient q; da = dy, db = -dy q, and q = (a - y) / b
  Mod: (n, b) => [
    n.grad(0),
    n.needs(1) ? b.neg(b.mul(n.grad(0), b.div(b.sub(n.in(0), n.out(0)), n.in(1)))) : null,
  ],
  // y = a^p; da = dy p a^(p - 1), dp = dy y log(a)
  Pow: (n, b) => [
    n.needs(0) ? powerGradient(n, b) : null,
    n.needs(1) ? exponentGradient(n, b) : null,
  ],
  // y = 1 / x; dx = -dy y^2
  Reciprocal: unary((dy, n, b) => b.neg(b.mul(dy, b.mul(n.out(0), n.out(0))))),
  // dx = dy cos(x)
  Sin: unary((dy, n, b) => b.mul(dy, b.op("Cos", [n.in(0)]))),
  // dx = dy cosh(x)
  Sinh: unary((dy, n, b) => b.mul(dy, b.op("Cosh", [n.in(0)]))),
  // dx = dy / (2 y)
  Sqrt: unary((dy, n, b) => b.div(b.scale(dy, 0.5), n.out(0))),
  // dx = dy (1 + y^2)
  Tan: unary((dy, n, b) => b.mul(dy, b.add(b.mul(n.out(0), n.out(0)), one(n, b)))),
  // dx = dy (1 - y^2)
  Tanh: unary((dy, n, b) => b.mul(dy, b.sub(one(n, b), b.mul(n.out(0), n.out(0))))),
  // y = c ? a : b; da = c ? dy : 0, db = c ? 0 : dy
  Where: (n, b) => [
    null,
    n.needs(1) ? b.where(n.in(0), n.grad(0), zero(n, b)) : null,
    n.needs(2) ? b.where(n.in(0), zero(n, b), n.grad(0)) : null,
  ],
} satisfies RuleTable;

function square(n: NodeView, b: GraphBuilder): Value {
  return b.mul(n.in(0), n.in(0));
}
