/** @file Gradient rules of activation functions. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";
import { geluSlope } from "./gelu.ts";
import { masked, takesFactors } from "./masks.ts";

/** A rule of the form dx = dy factor(x, y). */
function factor(slope: (n: NodeView, b: GraphBuilder) => Value): GradientRule {
  return (n, b) => [b.mul(n.grad(0), slope(n, b))];
}

/** A number in the element type of the node. */
function number(n: NodeView, b: GraphBuilder, value: number): Value {
  return b.scalar(value, n.in(0).type);
}

/** y = x where x > 0, else alpha (exp(x / alpha) - 1), so that the slope is 1 + min(y, 0) / alpha everywhere. */
function continuousUnit(alpha: number): GradientRule {
  return factor((n, b) => {
    const below = b.op("Relu", [b.neg(n.out(0))]);
    return b.sub(number(n, b, 1), b.scale(below, 1 / alpha));
  });
}

/** y = gamma alpha (exp(x) - 1) where x <= 0, so that dx = dy (y + gamma alpha); dx = gamma dy above. */
function exponentialUnit(alpha: number, gamma: number): GradientRule {
  return (n, b) => {
    const below = b.mul(n.grad(0), b.add(n.out(0), number(n, b, alpha * gamma)));
    const linear = gamma === 1 ? n.grad(0) : b.scale(n.grad(0), gamma);
    return [b.where(b.greater(n.in(0), number(n, b, 0)), linear, below)];
  };
}

/** y = x (1 + tanh(u)) / 2 with u = k (x + c x^3). */
function geluByTanh(n: NodeView, b: GraphBuilder): Value {
  const x = n.in(0);
  const k = Math.sqrt(2 / Math.PI);
  const c = 0.044715;
  const square = b.mul(x, x);
  const inner = b.mul(x, b.add(b.scale(square, k * c), number(n, b, k)));
  const t = b.op("Tanh", [inner]);
  const steepness = b.sub(number(n, b, 1), b.mul(t, t));
  const innerSlope = b.add(b.scale(square, 3 * k * c), number(n, b, k));
  const curved = b.mul(b.mul(x, steepness), innerSlope);
  return b.scale(b.add(b.add(t, number(n, b, 1)), curved), 0.5);
}

/** ONNX Runtime computes y by h, so that the slope by it is the cheapest. */
function hardSwish(n: NodeView, b: GraphBuilder): readonly Value[] {
  const x = n.in(0);
  const h = b.op("HardSigmoid", [x], { alpha: 1 / 6, beta: 0.5 });
  const inside = b.op("Less", [b.op("Abs", [x]), number(n, b, 3)]);
  const rising = b.sub(b.scale(h, 2), number(n, b, 0.5));
  const dx = b.mul(n.grad(0), b.where(inside, rising, h));
  if (!n.mayOverflow) return [dx];
  return [b.where(b.greater(x, number(n, b, -3)), dx, number(n, b, 0))];
}

/** y = x where x > 0, else alpha x; dx = dy where x > 0, else alpha dy. The sign of y is that of x where alpha is positive. */
function leakyRelu(n: NodeView, b: GraphBuilder): readonly Value[] {
  const alpha = n.float("alpha", 0.01);
  const isAbove = b.greater(alpha > 0 ? n.out(0) : n.in(0), number(n, b, 0));
  if (!takesFactors(n) || alpha < 0 || alpha > 1) {
    return [b.where(isAbove, n.grad(0), b.scale(n.grad(0), alpha))];
  }
  const isOne = b.cast(isAbove, n.grad(0).type);
  const slope = b.op("Clip", [isOne, number(n, b, alpha), number(n, b, 1)]);
  return [b.mul(n.grad(0), slope)];
}

export const activations = {
  // y = max(0, x) + min(0, alpha (exp(x / alpha) - 1)); dx = dy where x > 0, else dy (y / alpha + 1)
  Celu: (n, b) => continuousUnit(n.float("alpha", 1))(n, b),
  // y = x where x > 0, else alpha (exp(x) - 1); dx = dy where x > 0, else dy (y + alpha)
  Elu: (n, b) => {
    const alpha = n.float("alpha", 1);
    return (alpha === 1 ? continuousUnit(1) : exponentialUnit(alpha, 1))(n, b);
  },
  // y = x P(x), P the normal distribution or its form by tanh; dx = dy (P(x) + x p(x)), p its density
  Gelu: factor((n, b) =>
    n.string("approximate", "none") === "tanh" ? geluByTanh(n, b) : geluSlope(b, n.in(0)),
  ),
  // y = max(0, min(1, alpha x + beta)); dx = alpha dy where 0 < y < 1
  HardSigmoid: (n, b) => {
    const half = number(n, b, 0.5);
    const inside = b.op("Less", [b.op("Abs", [b.sub(n.out(0), half)]), half]);
    return [b.scale(masked(n, b, inside), n.float("alpha", 0.2))];
  },
  // y = x h with h = max(0, min(1, x / 6 + 1/2)); dx = dy (2 h - 1/2) where |x| < 3, else dy h
  HardSwish: hardSwish,
  LeakyRelu: leakyRelu,
  // y = x t with t = tanh(softplus(x)); dx = dy (t + x (1 - t^2) sigmoid(x))
  Mish: factor((n, b) => {
    const x = n.in(0);
    const t = b.op("Tanh", [b.op("Softplus", [x])]);
    const steepness = b.sub(number(n, b, 1), b.mul(t, t));
    return b.add(t, b.mul(b.mul(x, steepness), b.op("Sigmoid", [x])));
  }),
  // y = x where x > 0, else s x; dx = dy where x > 0, else s dy; ds = 0 where x > 0, else x dy
  PRelu: (n, b) => {
    const x = n.in(0);
    const positive = b.greater(x, number(n, b, 0));
    return [
      n.needs(0) ? b.where(positive, n.grad(0), b.mul(n.grad(0), n.in(1))) : null,
      n.needs(1) ? b.where(positive, number(n, b, 0), b.mul(n.grad(0), x)) : null,
    ];
  },
  // y = gamma x where x > 0, else gamma alpha (exp(x) - 1); dx = gamma dy where x > 0, else dy (y +
  // gamma alpha)
  Selu: (n, b) =>
    exponentialUnit(
      n.float("alpha", 1.67326319217681884765625),
      n.float("gamma", 1.05070102214813232421875),
    )(n, b),
  // y = x + bias where x < -lambd, x - bias where x > lambd, else 0; dx = dy where |x| > lambd
  Shrink: (n, b) => {
    const outside = b.greater(b.op("Abs", [n.in(0)]), number(n, b, n.float("lambd", 0.5)));
    return [masked(n, b, outside)];
  },
  // dx = dy y (1 - y)
  Sigmoid: factor((n, b) => b.mul(n.out(0), b.sub(number(n, b, 1), n.out(0)))),
  // y = log(1 + exp(x)); dx = dy sigmoid(x)
  Softplus: factor((n, b) => b.op("Sigmoid", [n.in(0)])),
  // y = x / (1 + |x|); dx = dy / (1 + |x|)^2
  Softsign: (n, b) => {
    const size = b.add(b.op("Abs", [n.in(0)]), number(n, b, 1));
    return [b.div(n.grad(0), b.mul(size, size))];
  },
  // y = x where x > alpha, else 0; dx = dy where x > alpha
  ThresholdedRelu: (n, b) => [masked(n, b, b.greater(n.in(0), number(n, b, n.float("alpha", 1))))],
} satisfies RuleTable;
