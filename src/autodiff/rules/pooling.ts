/** @file Gradient rules of the pools and of local response normalisation. */
import { elementCount } from "../../graph/tensor.ts";
import { poolWindowsOf, type Windows } from "../../graph/windows.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";
import { averagePoolGradient, lpPoolGradient } from "./average-pooling.ts";
import { localResponseGradient, localResponseOf } from "./local-response-normalization.ts";
import { globalMaxPoolGradient, maxPoolGradient } from "./max-pooling.ts";

function poolWindows(n: NodeView): Windows {
  return poolWindowsOf(n, n.in(0).dims.slice(2));
}

/** y = mean of the window: dx = sum over the windows that hold x of dy / count. */
const averagePool: GradientRule = (n, b) => {
  const includePad = n.int("count_include_pad", 0) === 1;
  const spatial = n.in(0).dims.slice(2);
  return [averagePoolGradient(b, n.grad(0), poolWindows(n), spatial, includePad)];
};

/** y = largest of the window: dx = sum of the dy of the windows whose first maximum is x. */
const maxPool: GradientRule = (n, b) => [
  maxPoolGradient(b, n.in(0), n.out(0), n.grad(0), poolWindows(n)),
];

/** y = x placed where the indices say, else 0: dx = dy at those places. */
const maxUnpool: GradientRule = (n, b) => {
  const [indices, dy] = [n.in(1), n.grad(0)];
  const flat = b.reshape(dy, [elementCount(dy.dims)]);
  const places = b.reshape(indices, [elementCount(indices.dims)]);
  return [b.reshape(b.op("GatherElements", [flat, places], { axis: 0 }), indices.dims)];
};

export const pooling = {
  AveragePool: averagePool,
  // as LpPool with one window
  GlobalLpPool: (n, b) => [lpPoolGradient(b, n.in(0), n.out(0), n.grad(0), n.int("p", 2))],
  // y = largest of all cells; dx = dy at the first maximum
  GlobalMaxPool: (n, b) => [globalMaxPoolGradient(b, n.in(0), n.grad(0))],
  // y = x s^-beta, s = bias + alpha / size (sum of x^2 over channels near by); dx = dy s^-beta - 2
  // alpha beta / size x (sum of dy x s^(-beta-1))
  LRN: (n, b) => [localResponseGradient(b, n.in(0), n.grad(0), localResponseOf(n))],
  // y = (sum of |x|^p over the window)^(1/p); dx = x |x|^(p-2) (sum of dy y^(1-p) over the windows
  // that hold x)
  LpPool: (n, b) => [
    lpPoolGradient(b, n.in(0), n.out(0), n.grad(0), n.int("p", 2), poolWindows(n)),
  ],
  MaxPool: maxPool,
  MaxUnpool: maxUnpool,
} satisfies RuleTable;
