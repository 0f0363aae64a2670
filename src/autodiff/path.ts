/** @file Where gradients pass through a graph, by the names of operators alone, so that rules are loaded for what lies there. */
import { LimpidError } from "../errors.ts";
import { valuesRead } from "../graph/edit.ts";
import type { Graph, Node, ValueShape } from "../graph/graph.ts";
import { hasTrait } from "../graph/operators.ts";
import type { ElementType } from "../graph/tensor.ts";
import type { RuleTable } from "./rule.ts";
import { hasRule, rulesFor } from "./rules/on-demand.ts";

/** A node on the path of a gradient whose operator has no rule. */
export interface MissingRule {
  readonly operator: string;
  readonly node: string;
}

/** Thrown before anything is built; lists every missing operator at once. */
export class UnsupportedOperatorError extends LimpidError {
  override readonly name = "UnsupportedOperatorError";
  readonly missing: readonly MissingRule[];

  constructor(missing: readonly MissingRule[]) {
    const listed = missing.map(({ operator, node }) => `${operator} ("${node}")`).join(", ");
    super(
      "unsupported-operator",
      `differentiate: every operator on the path must have a gradient rule, got ${listed}. export the model without it, or name a layer on the other side of it; occlusion needs no gradient.`,
    );
    this.missing = missing;
  }
}

/** Names of values in a graph between which a gradient passes, and rules that are laid over the default table. */
interface AskedPath {
  readonly of: string;
  readonly wrt: readonly string[];
  readonly rules?: RuleTable | undefined;
}

/** Whether a node has a gradient rule. */
type HasRule = (node: Node) => boolean;

/** Those of a table. */
export function ruledBy(table: RuleTable): HasRule {
  return ({ domain, operator }) => domain === "" && Object.hasOwn(table, operator);
}

function ruledOver(rules: RuleTable = {}): HasRule {
  return ({ domain, operator }) =>
    domain === "" && (Object.hasOwn(rules, operator) || hasRule(operator));
}

/** The nodes without a rule between `of` and `wrt`; empty if the gradient can be built. */
export function missingRules(graph: Graph, asked: AskedPath): readonly MissingRule[] {
  return missingIn(nodesBetween(graph, asked), ruledOver(asked.rules));
}

/** Whether a gradient passes at all: not where everything between is constant almost everywhere. */
export function hasPath(graph: Graph, asked: AskedPath): boolean {
  return nodesBetween(graph, asked).length > 0;
}

/** Of the default table all rules that the gradient of a graph needs, those that there are. */
export function rulesBetween(graph: Graph, asked: AskedPath): Promise<RuleTable> {
  return rulesFor(nodesBetween(graph, asked).map(({ operator }) => operator));
}

function nodesBetween(graph: Graph, { of, wrt, rules }: AskedPath): readonly Node[] {
  const isCarrier = (name: string) => {
    const shape = graph.shapes.get(name) ?? graph.initializers.get(name);
    return shape === undefined || carriesGradient(shape);
  };
  return walkPath(graph.nodes, isCarrier, ruledOver(rules), of, wrt).nodes;
}

export interface Path {
  /** Nodes that lie between a `wrt` value and `of`, in topological order. */
  readonly nodes: readonly Node[];
  /** Values whose gradient is needed. */
  readonly needed: ReadonlySet<string>;
}

/** The nodes between `wrt` and `of`; what is constant nearly everywhere and has no rule ends a path. */
export function walkPath(
  nodes: readonly Node[],
  isCarrier: (value: string) => boolean,
  hasRule: HasRule,
  of: string,
  wrt: readonly string[],
): Path {
  const reached = new Set(wrt);
  const forward = nodes.filter((node) => {
    if (!hasRule(node) && isZeroGradient(node)) return false;
    // What a subgraph reads from outside is an input of its node too.
    if (!valuesRead(node).some((input) => reached.has(input))) return false;
    const carriers = node.outputs.filter((output) => output && isCarrier(output));
    for (const output of carriers) reached.add(output);
    return carriers.length > 0;
  });
  const wanted = new Set([of]);
  const both: Node[] = [];
  for (const node of forward.toReversed()) {
    if (!node.outputs.some((output) => wanted.has(output))) continue;
    for (const input of valuesRead(node)) if (reached.has(input)) wanted.add(input);
    both.push(node);
  }
  const needed = new Set([...wanted].filter((name) => reached.has(name)));
  return { nodes: [...both.toReversed(), ...hiddenPaths(nodes, both, reached, of)], needed };
}

/** Nodes that hide a path: their outputs are no floats, and still what `of` is follows them smoothly. */
function hiddenPaths(
  nodes: readonly Node[],
  seen: readonly Node[],
  reached: ReadonlySet<string>,
  of: string,
): Node[] {
  const read = new Set([of]);
  return nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => read.has(output))) return false;
    for (const input of valuesRead(node)) read.add(input);
    if (!hasTrait(node, "reinterprets") || seen.includes(node)) return false;
    return valuesRead(node).some((input) => reached.has(input));
  });
}

/** Whether an operator is constant almost everywhere. */
export function isZeroGradient(node: Node): boolean {
  return hasTrait(node, "flat");
}

/** Those of some nodes that have no rule. */
export function missingIn(nodes: readonly Node[], hasRule: HasRule): MissingRule[] {
  return nodes
    .filter((node) => !hasRule(node))
    .map((node) => ({ operator: node.operator, node: node.name }));
}

/**
 * Floats, and the whole numbers that floats are quantised to: those have a float gradient, passed straight through. What
 * has no elements has none.
 */
export function carriesGradient({ type, dims }: ValueShape): boolean {
  return !dims.includes(0) && (isFloat(type) || /^u?int(8|16)$/.test(type));
}

export function isFloat(type: ElementType): boolean {
  return type === "float32" || type === "float64" || type === "float16" || type === "bfloat16";
}
