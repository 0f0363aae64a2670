import * as fc from "fast-check";
import { expect, test } from "vitest";
import { assertClose } from "../../../test/reference/compare.ts";
import { interpret } from "../../../test/reference/interpreter.ts";
import { ndarray } from "../../../test/reference/ndarray.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { differentiate } from "../differentiate.ts";
import type { GradientRule, RuleTable } from "../rule.ts";
import { rules } from "./index.ts";

interface Asked {
  /** The order of the factors. */
  readonly isGateFirst: boolean;
  /** Whether the sigmoid is read elsewhere too. */
  readonly isShared: boolean;
  readonly wrt: readonly ("x" | "s")[];
}

/** The gradient of the sum of x sigmoid(x), and of 3 sigmoid(x)^2 with it. */
function differentiated({ isGateFirst, isShared, wrt }: Asked, changed: RuleTable = {}) {
  const b = new GraphBuilder();
  const x = b.input("x", [4], "float64");
  const s = b.op("Sigmoid", [x], {}, "s");
  const y = isGateFirst ? b.mul(s, x) : b.mul(x, s);
  const sum = b.reduceSum(isShared ? b.add(y, b.scale(b.mul(s, s), 3)) : y, [0], false);
  return differentiate(b.build(), { of: sum.name, wrt, rules: changed });
}

/** The usual rule under another name: the sigmoid counts as one that a method has bent. */
const sigmoid: GradientRule = (n, b) => rules["Sigmoid"]!(n, b);

const drawn = fc.record({
  asked: fc.record<Asked>({
    isGateFirst: fc.boolean(),
    isShared: fc.boolean(),
    wrt: fc.constantFrom<readonly ("x" | "s")[]>(["x"], ["x", "s"]),
  }),
  values: fc.array(
    fc.oneof(fc.double({ min: -30, max: 30, noNaN: true }), fc.constantFrom(-1e9, -800, 800, 1e9)),
    { minLength: 4, maxLength: 4 },
  ),
});

test("x sigmoid(x) has the gradient of its two operators, other uses of the sigmoid and its own gradient included", () => {
  fc.assert(
    fc.property(drawn, ({ asked, values }) => {
      const x = ndarray("float64", [4], values);
      const whole = differentiated(asked);
      const apart = differentiated(asked, { Sigmoid: sigmoid });
      const [found, expected] = [interpret(whole.graph, { x }), interpret(apart.graph, { x })];
      for (const name of asked.wrt) {
        const [a, b] = [whole, apart].map(({ gradients }) => gradients.get(name)!);
        assertClose(found[a!]!, expected[b!]!, 1e-12, `gradient of ${name}`);
      }
    }),
  );
});

test("what is one gradient takes fewer operators; where the sigmoid's is asked for, or read elsewhere, it stays two", () => {
  const saved = (changed: Partial<Asked>) => {
    const asked: Asked = { isGateFirst: false, isShared: false, wrt: ["x"], ...changed };
    const [whole, apart] = [differentiated(asked), differentiated(asked, { Sigmoid: sigmoid })];
    return apart.graph.nodes.length - whole.graph.nodes.length;
  };
  expect(saved({})).toBe(2);
  expect(saved({ wrt: ["x", "s"] })).toBe(0);
  expect(saved({ isShared: true })).toBe(0);
});
