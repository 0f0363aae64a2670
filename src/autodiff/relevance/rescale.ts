/** @file DeepLIFT's rescale rule as gradient rules: slopes between a picture and a baseline instead of at the picture. */
import { operatorsWith } from "../../graph/operators.ts";
import { LimpidError } from "../../errors.ts";
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { poolWindowsOf } from "../../graph/windows.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";
import { rules as gradientRules } from "../rules/index.ts";
import { localResponseMultiplier, localResponseOf } from "../rules/local-response-normalization.ts";
import { globalMaxPoolGradient, maxPoolGradient } from "../rules/max-pooling.ts";

/** The value that the baseline has where the picture has one of that name. */
export type BaselineValue = (name: string) => Value;

/** Below it, rise over run is lost in rounding, and the gradient stands for it. */
const leastRun = 1e-6;

/**
 * Rules by which the walk carries multipliers m = C / (x - x'), C being what a value gives to the difference of the
 * scores (Shrikumar et al. 2017, arXiv 1704.02685, section 3.5.1). A maximum gives what it rises to the winner for
 * the picture and what it falls to that for the baseline; a product shares its difference evenly, as Shapley's value
 * does, and local response normalisation is such a product. Other operators throw `unsupported-operator`.
 */
export function rescaleRules(baseline: BaselineValue): RuleTable {
  const rescaled = riseOverRun(baseline);
  return {
    ...every(Object.keys(gradientRules), refused),
    // The slope is the gradient, whatever the baseline.
    ...Object.fromEntries([...operatorsWith("linear")].map((name) => [name, gradientRules[name]!])),
    ...every(operatorsWith("weights"), (n, b) =>
      n.needs(0) && n.needs(1) ? refused(n) : ordinary(n, b),
    ),
    ...every(operatorsWith("elementwise"), rescaled),
    LRN: (n, b) => [
      localResponseMultiplier(b, n.in(0), baseline(n.in(0).name), n.grad(0), localResponseOf(n)),
    ],
    Mul: (n, b) => product(n, b, baseline),
    Div: (n, b) => quotient(n, b, baseline),
    GlobalMaxPool: winner(baseline, (_, b, x, _y, dy) => globalMaxPoolGradient(b, x, dy)),
    MaxPool: winner(baseline, (n, b, x, y, dy) =>
      maxPoolGradient(b, x, y, dy, poolWindowsOf(n, x.dims.slice(2))),
    ),
  };
}

function every(operators: Iterable<string>, rule: GradientRule): RuleTable {
  return Object.fromEntries([...operators].map((operator) => [operator, rule]));
}

function ordinary(n: NodeView, b: GraphBuilder): readonly (Value | null)[] {
  return gradientRules[n.node.operator]!(n, b);
}

function refused(n: NodeView): never {
  const computed = n.node.inputs.filter((_, i) => n.needs(i)).length;
  const what = computed > 1 ? `${n.node.operator} of computed values` : n.node.operator;
  throw new LimpidError(
    "unsupported-operator",
    `deep-lift: every operator on the path must have a rescale rule, got ${what} ("${n.node.name}"). choose integrated-gradients, which needs none.`,
  );
}

/** Input `i` less the baseline's. */
function run(n: NodeView, b: GraphBuilder, i: number, baseline: BaselineValue): Value {
  return b.sub(n.in(i), baseline(n.in(i).name));
}

function rise(n: NodeView, b: GraphBuilder, baseline: BaselineValue): Value {
  return b.sub(n.out(0), baseline(n.out(0).name));
}

/** `value / run`, and `instead` where the run is too short. */
function perRun(b: GraphBuilder, value: Value, length: Value, instead: Value): Value {
  const isShort = b.greater(b.scalar(leastRun, length.type), b.op("Abs", [length]));
  const divisor = b.where(isShort, b.scalar(1, length.type), length);
  return b.where(isShort, instead, b.div(value, divisor));
}

function riseOverRun(baseline: BaselineValue): GradientRule {
  return (n, b) => {
    if (!n.needs(0) || n.needs(1)) return refused(n);
    const share = b.mul(n.grad(0), rise(n, b, baseline));
    return [perRun(b, share, run(n, b, 0, baseline), ordinary(n, b)[0]!)];
  };
}

/** Half the sum of an operand and the baseline's. */
function middle(n: NodeView, b: GraphBuilder, i: number, baseline: BaselineValue): Value {
  const value = n.in(i);
  return n.needs(i) ? b.scale(b.add(value, baseline(value.name)), 0.5) : value;
}

function product(n: NodeView, b: GraphBuilder, baseline: BaselineValue): readonly (Value | null)[] {
  const slope = (own: number, other: number) =>
    n.needs(own) ? b.mul(n.grad(0), middle(n, b, other, baseline)) : null;
  return [slope(0, 1), slope(1, 0)];
}

/** x / d as the product of x and 1 / d, whose slope is -1 / (d d'). */
function quotient(
  n: NodeView,
  b: GraphBuilder,
  baseline: BaselineValue,
): readonly (Value | null)[] {
  const divisor = n.in(1);
  if (!n.needs(1)) return ordinary(n, b);
  const other = baseline(divisor.name);
  const one = b.scalar(1, divisor.type);
  const inverse = b.scale(b.add(b.div(one, divisor), b.div(one, other)), 0.5);
  const steepness = b.neg(b.div(one, b.mul(divisor, other)));
  return [
    n.needs(0) ? b.mul(n.grad(0), inverse) : null,
    b.mul(n.grad(0), b.mul(middle(n, b, 0, baseline), steepness)),
  ];
}

type Route = (n: NodeView, b: GraphBuilder, x: Value, y: Value, dy: Value) => Value;

/** A winner that rises does so by its own run, and one that falls too: neither run can be 0. */
function winner(baseline: BaselineValue, route: Route): GradientRule {
  return (n, b) => {
    const difference = rise(n, b, baseline);
    const risen = b.op("Relu", [difference]);
    const fallen = b.sub(difference, risen);
    const [x, y, dy] = [n.in(0), n.out(0), n.grad(0)];
    const up = route(n, b, x, y, b.mul(dy, risen));
    const down = route(n, b, baseline(x.name), baseline(y.name), b.mul(dy, fallen));
    const zero = b.fill(x.dims, 0, x.type);
    return [perRun(b, b.add(up, down), run(n, b, 0, baseline), zero)];
  };
}
