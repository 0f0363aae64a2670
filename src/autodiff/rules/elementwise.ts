/** @file Gradient rules of arithmetic and other functions that work element by element. */
import type { RuleTable } from "../rule.ts";

export const elementwise = {
  // y = a + b; da = dy, db = dy
  Add: (n) => [n.grad(0), n.grad(0)],
  // y = a b; da = dy b, db = dy a
  Mul: (n, b) => [
    n.needs(0) ? b.mul(n.grad(0), n.in(1)) : null,
    n.needs(1) ? b.mul(n.grad(0), n.in(0)) : null,
  ],
} satisfies RuleTable;
