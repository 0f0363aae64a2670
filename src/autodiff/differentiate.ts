/** @file The reverse walk: rewrites a graph into one that also computes gradients (Linnainmaa 1976). */
import { LimpidError, internalError } from "../errors.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { valuesRead } from "../graph/edit.ts";
import type { Graph, Node, ValueShape } from "../graph/graph.ts";
import { formatShape, type ElementType } from "../graph/tensor.ts";
import { mergedNodes } from "./merge.ts";
import { NodeView, type GradientRule, type RuleTable } from "./rule.ts";
import { hasTrait } from "../graph/operators.ts";
import { rules as defaultRules } from "./rules/index.ts";
import { isSteep } from "./steepness.ts";

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
      `differentiate: every operator on the path must have a gradient rule, got ${listed}. choose occlusion, which needs no gradient, a layer behind it, or export the model without it.`,
    );
    this.missing = missing;
  }
}

export interface BackpropagateOptions {
  /** The value whose gradient is wanted; its elements are summed with the weights of `seed`. */
  readonly of: Value;
  /** Weights of the elements of `of`, in its shape; ones by default. */
  readonly seed?: Value;
  /** Values to differentiate by: inputs, weights or anything between. */
  readonly wrt: readonly Value[];
  /** Rules laid over the default table, by operator. */
  readonly rules?: RuleTable;
}

export interface DifferentiateOptions {
  /** Name of the value whose gradient is wanted: its elements are summed. */
  readonly of: string;
  /** Name of a value in the shape of `of` that weights its elements; ones by default. */
  readonly seed?: string;
  /** Names of inputs, initializers or intermediate values. */
  readonly wrt: readonly string[];
  readonly rules?: RuleTable;
}

/** A graph with the outputs it had, followed by one gradient for each `wrt`. */
export interface DifferentiatedGraph {
  readonly graph: Graph;
  /** Name of the gradient value of each `wrt` name. */
  readonly gradients: ReadonlyMap<string, string>;
}

/**
 * The graph that also computes d(sum of `of`) / d(each `wrt`). The graph must be traced. A gradient has
 * the shape and type of its value. Throws `UnsupportedOperatorError` if rules are missing and
 * `bad-option` if `of` does not depend on a `wrt` value.
 */
export function differentiate(graph: Graph, options: DifferentiateOptions): DifferentiatedGraph {
  const builder = new GraphBuilder(graph);
  const gradients = backpropagate(builder, {
    of: builder.value(options.of),
    wrt: options.wrt.map((name) => builder.value(name)),
    ...(options.seed === undefined ? {} : { seed: builder.value(options.seed) }),
    ...(options.rules ? { rules: options.rules } : {}),
  });
  for (const gradient of gradients) builder.output(gradient);
  const built = builder.build();
  const whole = { ...built, outputs: [...graph.outputs, ...built.outputs] };
  return {
    graph: mergedNodes(whole, graph.nodes.length),
    gradients: new Map(options.wrt.map((name, i) => [name, gradients[i]!.name])),
  };
}

/** Adds the gradient of `of` to the graph under construction; returns one gradient for each `wrt`. */
export function backpropagate(builder: GraphBuilder, options: BackpropagateOptions): Value[] {
  const { of, wrt } = options;
  const table: RuleTable = options.rules ? { ...defaultRules, ...options.rules } : defaultRules;
  const path = findPath(builder, table, of, wrt);
  const contributions = new Map<string, Value[]>([
    [of.name, [options.seed ?? builder.fill(of.dims, 1, of.type)]],
  ]);
  const scope = builder.scope;
  // Values whose gradient can be infinite.
  const steep = new Set<string>();
  for (const node of path.nodes.toReversed()) {
    builder.scope = `${scope}grad/sum/`;
    const gradients = node.outputs.map((name) => total(builder, contributions, name));
    if (gradients.every((gradient) => gradient === undefined)) continue;
    builder.scope = `${scope}grad/${node.name}/`;
    const mayOverflow = node.outputs.some((name) => steep.has(name));
    const view = new NodeView(node, builder, gradients, path.needed, mayOverflow, path.passable);
    const found = table[node.operator]!(view, builder);
    const read = valuesRead(node);
    const types = [...read, ...node.outputs.filter(Boolean)].map(
      (name) => builder.value(name).type,
    );
    if (mayOverflow || isSteep(node, types)) for (const name of read) steep.add(name);
    collect(builder, node, found, path.needed, contributions);
  }
  builder.scope = `${scope}grad/`;
  const results = wrt.map((value) => resultFor(builder, contributions, value, of));
  builder.scope = scope;
  return results;
}

/** The nodes without a rule between `of` and `wrt`; empty if the gradient can be built. */
export function missingRules(
  graph: Graph,
  options: Pick<DifferentiateOptions, "of" | "wrt" | "rules">,
): readonly MissingRule[] {
  const table: RuleTable = { ...defaultRules, ...options.rules };
  const isCarrier = (name: string) => {
    const shape = graph.shapes.get(name) ?? graph.initializers.get(name);
    return shape === undefined || carriesGradient(shape);
  };
  const { nodes } = walkPath(graph.nodes, isCarrier, table, options.of, options.wrt);
  return missingIn(nodes, table);
}

interface Path {
  /** Nodes that lie between a `wrt` value and `of`, in topological order. */
  readonly nodes: readonly Node[];
  /** Values whose gradient is needed. */
  readonly needed: ReadonlySet<string>;
}

/** A path whose nodes all have rules. */
interface DifferentiablePath extends Path {
  /** The nodes of the path that a rule of what reads them may differentiate through, by the values they make. */
  readonly passable: ReadonlyMap<string, Node>;
}

function findPath(
  builder: GraphBuilder,
  table: RuleTable,
  of: Value,
  wrt: readonly Value[],
): DifferentiablePath {
  const names = wrt.map((value) => value.name);
  const isCarrier = (name: string) => carriesGradient(builder.value(name));
  const path = walkPath(builder.nodes, isCarrier, table, of.name, names);
  const missing = missingIn(path.nodes, table);
  if (missing.length > 0) throw new UnsupportedOperatorError(missing);
  const passable = passableNodes(path, table, names);
  return { ...path, passable };
}

function passableNodes(
  { nodes }: Path,
  table: RuleTable,
  wrt: readonly string[],
): ReadonlyMap<string, Node> {
  const readers = new Map<string, number>();
  for (const name of nodes.flatMap(valuesRead)) readers.set(name, (readers.get(name) ?? 0) + 1);
  const isPassable = ({ operator, outputs: [output = "", ...others] }: Node) =>
    table[operator] === defaultRules[operator] &&
    others.length === 0 &&
    readers.get(output) === 1 &&
    !wrt.includes(output);
  return new Map(nodes.filter(isPassable).map((node) => [node.outputs[0]!, node]));
}

function missingIn(nodes: readonly Node[], table: RuleTable): MissingRule[] {
  return nodes
    .filter((node) => ruleOf(table, node) === undefined)
    .map((node) => ({ operator: node.operator, node: node.name }));
}

function ruleOf(table: RuleTable, node: Node): GradientRule | undefined {
  if (node.domain !== "" || !Object.hasOwn(table, node.operator)) return undefined;
  return table[node.operator];
}

function walkPath(
  nodes: readonly Node[],
  isCarrier: (value: string) => boolean,
  table: RuleTable,
  of: string,
  wrt: readonly string[],
): Path {
  const reached = new Set(wrt);
  const forward = nodes.filter((node) => {
    if (ruleOf(table, node) === undefined && isZeroGradient(node)) return false;
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

function isZeroGradient(node: Node): boolean {
  return hasTrait(node, "flat");
}

/**
 * Floats, and the whole numbers that floats are quantised to: those have a float gradient, passed straight through. What
 * has no elements has none.
 */
function carriesGradient({ type, dims }: ValueShape): boolean {
  return !dims.includes(0) && (isFloat(type) || /^u?int(8|16)$/.test(type));
}

function isFloat(type: ElementType): boolean {
  return type === "float32" || type === "float64" || type === "float16" || type === "bfloat16";
}

/** The sum of the contributions to a value's gradient; it replaces them, so that it is added up once. */
function total(
  builder: GraphBuilder,
  contributions: Map<string, Value[]>,
  name: string,
): Value | undefined {
  const parts = contributions.get(name);
  if (!parts) return undefined;
  // ONNX Runtime adds two values on all threads, three or more on one.
  const sum = parts.reduce((a, b) => builder.add(a, b));
  contributions.set(name, [sum]);
  return sum;
}

function collect(
  builder: GraphBuilder,
  node: Node,
  found: readonly (Value | null)[],
  needed: ReadonlySet<string>,
  contributions: Map<string, Value[]>,
): void {
  if (found.length > node.inputs.length) {
    throw internalError(
      node.operator,
      `rule gave ${found.length} gradients for ${node.inputs.length} inputs`,
    );
  }
  for (const [i, gradient] of found.entries()) {
    const name = node.inputs[i]!;
    if (!gradient || !needed.has(name)) continue;
    const fitted = unbroadcast(builder, gradient, builder.value(name), node);
    const parts = contributions.get(name);
    if (parts) parts.push(fitted);
    else contributions.set(name, [fitted]);
  }
}

/** Sums a gradient over the axes that its input was broadcast along. Throws `internal` if the shapes do not fit. */
function unbroadcast(builder: GraphBuilder, gradient: Value, input: Value, node: Node): Value {
  const extra = gradient.dims.length - input.dims.length;
  const fits =
    (gradient.type === input.type || !isFloat(input.type)) &&
    extra >= 0 &&
    input.dims.every((dim, i) => dim === gradient.dims[i + extra] || dim === 1);
  if (!fits) {
    throw internalError(
      `${node.operator} "${node.name}"`,
      `rule gave a ${gradient.type} gradient ${formatShape(gradient.dims)} for a ${input.type} input ${formatShape(input.dims)}`,
    );
  }
  const axes = gradient.dims
    .map((_, axis) => axis)
    .filter(
      (axis) => axis < extra || (input.dims[axis - extra] === 1 && gradient.dims[axis] !== 1),
    );
  return builder.reshape(builder.reduceSum(gradient, axes), input.dims);
}

function resultFor(
  builder: GraphBuilder,
  contributions: Map<string, Value[]>,
  value: Value,
  of: Value,
): Value {
  const gradient = total(builder, contributions, value.name);
  if (gradient) return builder.op("Identity", [gradient]);
  const ends = whereGradientsEnd(builder, of, value);
  const isEmpty = (name: string) => builder.value(name).dims.includes(0);
  // Of a value of which nothing is read the gradient is 0; where it ends otherwise there is none.
  if (ends.length > 0 && ends.every(({ outputs }) => outputs.filter(Boolean).some(isEmpty))) {
    return builder.op("Identity", [builder.fill(value.dims, 0, value.type)]);
  }
  throw new LimpidError(
    "bad-option",
    `differentiate: what is explained must depend on "${value.name}" through differentiable operators, got ${endsText(ends)}. choose another layer or target.`,
  );
}

/** The first operators behind a value that are constant almost everywhere, make whole numbers, or make nothing. */
function whereGradientsEnd(builder: GraphBuilder, of: Value, from: Value): readonly Node[] {
  const before = new Set([of.name]);
  const wanted = builder.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => before.has(output))) return false;
    for (const input of valuesRead(node)) before.add(input);
    return true;
  });
  const reached = new Set([from.name]);
  return wanted.toReversed().filter((node) => {
    if (!valuesRead(node).some((input) => reached.has(input))) return false;
    const carries = node.outputs.some((name) => name && carriesGradient(builder.value(name)));
    const isEnd = isZeroGradient(node) || !carries;
    if (!isEnd) for (const output of node.outputs) reached.add(output);
    return isEnd;
  });
}

function endsText(ends: readonly Node[]): string {
  if (ends.length === 0) return "no path";
  const named = ends.slice(0, 3).map(({ operator, name }) => `${operator} ("${name}")`);
  return `only paths that end at ${named.join(", ")}`;
}
