/** @file Gradient rules of the softmax family. */
import type { RuleTable } from "../rule.ts";

export const softmax = {
  // y = x - log(sum(exp(x))); dx = dy - exp(y) sum(dy)
  LogSoftmax: (n, b) => {
    const total = b.reduceSum(n.grad(0), [n.int("axis", -1)]);
    return [b.sub(n.grad(0), b.mul(b.op("Exp", [n.out(0)]), total))];
  },
  // y = exp(x) / sum(exp(x)); dx = y (dy - sum(dy y))
  Softmax: (n, b) => {
    const total = b.reduceSum(b.mul(n.grad(0), n.out(0)), [n.int("axis", -1)]);
    return [b.mul(n.out(0), b.sub(n.grad(0), total))];
  },
} satisfies RuleTable;
