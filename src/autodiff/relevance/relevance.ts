/** @file The table of relevance rules: laid over the gradient rules, the same walk carries relevance (Bach et al. 2015). */
import { operatorsWith } from "../../graph/operators.ts";
import { LimpidError } from "../../errors.ts";
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";
import { perOutput, weightedLayer, type LayerRule } from "./layers.ts";
import { normalizing } from "./normalization.ts";
import type { RelevancePaths } from "./paths.ts";
import { NodeView, type GradientRule, type RuleTable } from "../rule.ts";
import { rules as gradientRules } from "../rules/index.ts";

/** Which rule each kind of layer with weights has. */
export interface Composite {
  readonly convolution: LayerRule;
  /** Of matrix products. */
  readonly dense: LayerRule;
  /** Of layers with no such layer before them; that of their kind by default. */
  readonly first?: LayerRule;
  /** Keeps the denominators of sums and means from 0. */
  readonly epsilon: number;
}

/**
 * Rules by which `backpropagate`, given relevance for its seed, carries relevance instead of gradients: each rule
 * takes that of the outputs of a node and returns that of its inputs. Operators without a relevance rule throw
 * `unsupported-operator` when the walk reaches them.
 */
export function relevanceRules(composite: Composite, paths: RelevancePaths): RuleTable {
  const sum = proportional(composite.epsilon, paths);
  const layer = weighted(composite, paths);
  return {
    ...every(Object.keys(gradientRules), refused),
    ...every(operatorsWith("passesRelevance"), (n) => [n.grad(0)]),
    // Relevance goes where a gradient goes, and to the winner of a maximum.
    ...Object.fromEntries([...operatorsWith("moves")].map((name) => [name, gradientRules[name]!])),
    // Every term gets its share, constants absorb theirs.
    ...every(operatorsWith("sums"), sum),
    ...every(operatorsWith("weights"), layer),
    ...every(["InstanceNormalization", "LayerNormalization"], normalizing(composite.epsilon)),
    Div: (n) => (n.needs(0) ? [n.grad(0)] : refused(n)),
    Mul: product(paths),
  };
}

function every(operators: Iterable<string>, rule: GradientRule): RuleTable {
  return Object.fromEntries([...operators].map((operator) => [operator, rule]));
}

function refused(n: NodeView): never {
  const computed = n.node.inputs.filter((_, i) => n.needs(i)).length;
  const what = computed > 1 ? `${n.node.operator} of computed values` : n.node.operator;
  throw new LimpidError(
    "unsupported-operator",
    `lrp: every operator on the path must have a relevance rule, got ${what} ("${n.node.name}"). choose integrated-gradients, which needs none.`,
  );
}

/** By contribution: x_i (dy / dx_i) / y R. Constants that are added before the first layer only shift the picture. */
function proportional(epsilon: number, paths: RelevancePaths): GradientRule {
  return (n, b) => {
    const terms = n.node.inputs.map((_, i) => n.needs(i));
    if (paths.readsPicture(n.node) && isAffine(n) && terms.filter(Boolean).length === 1) {
      return terms.map((needed) => (needed ? n.grad(0) : null));
    }
    const shares = perOutput(b, n.grad(0), n.out(0), epsilon);
    const slopes = gradientRules[n.node.operator]!(withGradient(n, b, shares), b);
    return slopes.map((slope, i) => slope && b.mul(n.in(i), slope));
  };
}

/** The node with another gradient of its output. */
function withGradient(n: NodeView, b: GraphBuilder, gradient: Value): NodeView {
  const needed = n.node.inputs.filter((_, i) => n.needs(i));
  return new NodeView(n.node, b, [gradient], new Set(needed));
}

function isAffine(n: NodeView): boolean {
  return ["Add", "Sub", "BatchNormalization"].includes(n.node.operator);
}

/**
 * A product passes all relevance to the one operand that is no constant. Of two, one must be a gate, that
 * is smaller or behind a bounded function: the signal takes all (Arras et al. 2017, arXiv 1706.07206, section 3.2).
 */
function product(paths: RelevancePaths): GradientRule {
  return (n) => {
    if (!n.needs(0) || !n.needs(1)) return n.needs(0) ? [n.grad(0)] : [null, n.grad(0)];
    const sizes = [0, 1].map((i) => elementCount(n.in(i).dims));
    const gates = [0, 1].map((i) => paths.isGate(n.in(i).name));
    const isGate = (i: number) => {
      if (sizes[0] !== sizes[1]) return sizes[i]! < sizes[1 - i]!;
      return gates[i]! && !gates[1 - i]!;
    };
    if (isGate(1)) return [n.grad(0)];
    return isGate(0) ? [null, n.grad(0)] : refused(n);
  };
}

/** Layers with weights: the rule that the composite has for them. */
function weighted(composite: Composite, paths: RelevancePaths): GradientRule {
  return (n, b) => {
    const at = n.needs(0) ? 0 : 1;
    if (n.needs(2) || b.constantOf(n.in(1 - at)) === undefined) return refused(n);
    const layer = weightedLayer(n, b, at, paths.isNonNegative(n.in(at).name));
    const isDense = n.node.operator === "Gemm" || n.node.operator === "MatMul";
    const ofKind = isDense ? composite.dense : composite.convolution;
    const rule = paths.readsPicture(n.node) ? (composite.first ?? ofKind) : ofKind;
    const relevance = rule(layer, n.grad(0), b);
    return at === 0 ? [relevance] : [null, relevance];
  };
}
