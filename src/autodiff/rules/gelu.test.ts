import { array, assert, boolean, constantFrom, double, oneof, property, record } from "fast-check";
import { expect, test } from "vitest";
import { assertClose } from "../../../test/reference/compare.ts";
import { interpret } from "../../../test/reference/interpreter.ts";
import { ndarray } from "../../../test/reference/ndarray.ts";
import { GraphBuilder, type Value } from "../../graph/builder.ts";
import { differentiate } from "../differentiate.ts";
import type { GradientRule, RuleTable } from "../rule.ts";
import { rules } from "./index.ts";

const spellings = ["x first", "half first", "behind the error", "plain", "by u"] as const;
type Wrt = "x" | "u" | "p";

interface Asked {
  readonly spelling: (typeof spellings)[number];
  readonly byDivision: boolean;
  readonly isGateFirst: boolean;
  readonly isOneFirst: boolean;
  /** Whether the gate is read elsewhere too. */
  readonly isShared: boolean;
  readonly wrt: readonly Wrt[];
}

/** The gradient of the sum of x (1 + erf(x / sqrt(2))) / 2 as exporters spell it, or of forms beside it. */
function differentiated(asked: Asked, changed: RuleTable = {}) {
  const b = new GraphBuilder();
  const x = b.input("x", [6], "float64");
  const number = (value: number) => b.scalar(value, "float64");
  const u = asked.byDivision
    ? b.op("Div", [x, number(Math.SQRT2)], {}, "u")
    : b.op("Mul", [x, number(Math.SQRT1_2)], {}, "u");
  const error = b.op("Erf", [u]);
  const p = b.op("Add", asked.isOneFirst ? [number(1), error] : [error, number(1)], {}, "p");
  const product = (v: Value) => (asked.isGateFirst ? b.mul(p, v) : b.mul(v, p));
  const y = {
    "x first": () => b.mul(product(x), number(0.5)),
    "half first": () => product(b.mul(number(0.5), x)),
    "behind the error": () => b.mul(x, b.mul(p, number(0.5))),
    plain: () => product(x),
    "by u": () => product(u),
  }[asked.spelling]();
  const sum = b.reduceSum(asked.isShared ? b.add(y, b.mul(p, p)) : y, [0], false);
  return differentiate(b.build(), { of: sum.name, wrt: asked.wrt, rules: changed });
}

/** The usual rule under another name: the error function counts as one that a method has bent. */
const erf: GradientRule = (n, b) => rules["Erf"]!(n, b);

const drawnAsked = record<Asked>({
  spelling: constantFrom(...spellings),
  byDivision: boolean(),
  isGateFirst: boolean(),
  isOneFirst: boolean(),
  isShared: boolean(),
  wrt: constantFrom<readonly Wrt[]>(["x"], ["x", "u"], ["x", "p"]),
});
const numbers = oneof(
  double({ min: -8, max: 8, noNaN: true }),
  constantFrom(-1e9, -40, 0, 40, 1e9),
);

test("GELU has the gradient of its operators however it is spelled, other uses of its gate and its parts' own gradients included", () => {
  const values = array(numbers, { minLength: 6, maxLength: 6 });
  assert(
    property(drawnAsked, values, (asked, given) => {
      const x = ndarray("float64", [6], given);
      const [whole, apart] = [differentiated(asked), differentiated(asked, { Erf: erf })];
      const [found, expected] = [interpret(whole.graph, { x }), interpret(apart.graph, { x })];
      for (const name of asked.wrt) {
        const [a, b] = [whole, apart].map(({ gradients }) => gradients.get(name)!);
        assertClose(found[a!]!, expected[b!]!, 1e-12, `gradient of ${name}`);
      }
    }),
    { numRuns: 500 },
  );
});

test("what is one gradient takes fewer operators; where a part's is asked for, or read elsewhere, it stays several", () => {
  const saved = (changed: Partial<Asked>) => {
    const usual = { byDivision: true, isGateFirst: false, isOneFirst: false, isShared: false };
    const asked: Asked = { ...usual, spelling: "x first", wrt: ["x"], ...changed };
    const [whole, apart] = [differentiated(asked), differentiated(asked, { Erf: erf })];
    return apart.graph.nodes.length - whole.graph.nodes.length;
  };
  expect(saved({})).toBeGreaterThanOrEqual(3);
  expect(saved({ spelling: "half first" })).toBeGreaterThanOrEqual(3);
  expect(saved({ isGateFirst: true, isOneFirst: true, byDivision: false })).toBeGreaterThanOrEqual(
    3,
  );
  expect(saved({ wrt: ["x", "p"] })).toBe(0);
  expect(saved({ isShared: true })).toBe(0);
});
