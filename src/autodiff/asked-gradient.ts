/** @file What is asked of a gradient from outside: names, weights and rules, looked at before the walk takes them for sure. */
import { LimpidError } from "../errors.ts";
import type { Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { formatShape } from "../graph/tensor.ts";
import { closestNames } from "../wording/closest-names.ts";
import { isFloat } from "./path.ts";
import type { BackpropagateOptions, DifferentiateOptions } from "./reverse-walk.ts";
import type { GradientRule, RuleTable } from "./rule.ts";

/** Throws `unknown-layer` for names that are no values, and `bad-option` for a graph that is not traced and no `wrt`. */
export function requireValues(graph: Graph, { of, wrt, seed }: DifferentiateOptions): void {
  const made = graph.nodes.flatMap(({ outputs }) => outputs.filter(Boolean));
  const given = graph.inputs.map(({ name }) => name);
  const known = new Set([...given, ...graph.initializers.keys(), ...made]);
  if (!Array.isArray(wrt) || wrt.length === 0) {
    throw bad("wrt must be a list of names of values", "none", "name an input");
  }
  for (const name of [of, ...wrt, ...(seed === undefined ? [] : [seed])]) {
    if (known.has(name)) continue;
    const near = closestNames(String(name), [...known]).map((each) => `"${each}"`);
    throw new LimpidError(
      "unknown-layer",
      `differentiate: the graph must have a value "${name}", got none of this name. closest: ${near.join(", ") || "none"}.`,
    );
  }
  const untold = [of, ...wrt].find(
    (name) => !graph.shapes.has(name) && !graph.initializers.has(name),
  );
  if (untold === undefined) return;
  throw bad("the graph must be traced", `no shape of "${untold}"`, "call trace() first");
}

/** Throws `shape-mismatch` for weights of another shape or type than what they weight. */
export function requireSeed({ of, seed }: Pick<BackpropagateOptions, "of" | "seed">): void {
  if (!seed || (seed.type === of.type && String(seed.dims) === String(of.dims))) return;
  const shown = ({ type, dims }: Value) => `${type} ${formatShape(dims)}`;
  throw new LimpidError(
    "shape-mismatch",
    `differentiate: seed must be of the shape and type of "${of.name}", ${shown(of)}, got ${shown(seed)}. give one weight an element.`,
  );
}

/** Rules of a user, whose results are looked at; undefined stays so. */
export function checkedRules(rules: RuleTable | undefined): RuleTable | undefined {
  if (!rules) return undefined;
  const checked = Object.entries(rules).map(([operator, rule]) => [operator, checkedRule(rule)]);
  return Object.fromEntries(checked) as RuleTable;
}

/** By the rule, so that one rule is one rule for whoever compares. */
const checkedOnes = new WeakMap<GradientRule, GradientRule>();

function checkedRule(rule: GradientRule): GradientRule {
  const known = checkedOnes.get(rule);
  if (known) return known;
  const checked: GradientRule = (n, b) => {
    const found: unknown = rule(n, b);
    const where = `rule of ${n.node.operator} ("${n.node.name}")`;
    if (!Array.isArray(found) || found.length > n.inputCount) {
      const got = Array.isArray(found) ? `${found.length}` : String(found);
      throw bad(`the ${where} must give a list of up to ${n.inputCount} gradients`, got, advice);
    }
    for (const [i, gradient] of (found as readonly (Value | null)[]).entries()) {
      if (gradient && n.hasIn(i)) requireShape(where, gradient, n.in(i));
    }
    return found as readonly (Value | null)[];
  };
  checkedOnes.set(rule, checked);
  return checked;
}

const advice = "give null where no gradient flows";

function requireShape(where: string, gradient: Value, input: Value): void {
  const { dims = [], type } = gradient as Partial<Value>;
  const extra = dims.length - input.dims.length;
  const fits = input.dims.every((dim, axis) => dim === dims[axis + extra] || dim === 1);
  const isOfType = type === input.type || !isFloat(input.type);
  if (extra >= 0 && fits && isOfType) return;
  throw bad(
    `the ${where} must give a gradient of its input, ${input.type} ${formatShape(input.dims)}, or of a shape that this was broadcast to`,
    `${type} ${formatShape(dims)}`,
    "give one of the input's shape",
  );
}

function bad(must: string, got: string, remedy: string): LimpidError {
  return new LimpidError("bad-option", `differentiate: ${must}, got ${got}. ${remedy}.`);
}
