/** @file The reverse walk by a table of rules: rewrites a graph into one that also computes gradients (Linnainmaa 1976). */
import { LimpidError, internalError } from "../errors.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { valuesRead } from "../graph/edit.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { formatShape } from "../graph/tensor.ts";
import { mergedNodes } from "./merge.ts";
import { NodeView, type RuleTable } from "./rule.ts";
import {
  carriesGradient,
  isFloat,
  isZeroGradient,
  missingIn,
  ruledBy,
  UnsupportedOperatorError,
  walkPath,
  type Path,
} from "./path.ts";
import { isSteep } from "./steepness.ts";

export interface BackpropagateOptions {
  /** The value whose gradient is wanted; its elements are summed with the weights of `seed`. */
  readonly of: Value;
  /** Weights of the elements of `of`, in its shape; ones by default. */
  readonly seed?: Value;
  /** Values to differentiate by: inputs, weights or anything between. */
  readonly wrt: readonly Value[];
  /** Rules laid over the default table, by operator. */
  readonly rules?: RuleTable | undefined;
}

export interface DifferentiateOptions {
  /** Name of the value whose gradient is wanted: its elements are summed. */
  readonly of: string;
  /** Name of a value in the shape of `of` that weights its elements; ones by default. */
  readonly seed?: string;
  /** Names of inputs, initializers or intermediate values. */
  readonly wrt: readonly string[];
  readonly rules?: RuleTable | undefined;
}

/** A graph with the outputs it had, followed by one gradient for each `wrt`. */
export interface DifferentiatedGraph {
  readonly graph: Graph;
  /** Name of the gradient value of each `wrt` name. */
  readonly gradients: ReadonlyMap<string, string>;
}

/** As `differentiate`, where of the default table the rules of all operators on the path are enough. */
export function differentiateBy(
  defaults: RuleTable,
  graph: Graph,
  options: DifferentiateOptions,
): DifferentiatedGraph {
  const builder = new GraphBuilder(graph);
  const gradients = backpropagateBy(defaults, builder, {
    of: builder.value(options.of),
    wrt: options.wrt.map((name) => builder.value(name)),
    ...(options.seed === undefined ? {} : { seed: builder.value(options.seed) }),
    rules: options.rules,
  });
  for (const gradient of gradients) builder.output(gradient);
  const built = builder.build();
  const whole = { ...built, outputs: [...graph.outputs, ...built.outputs] };
  return {
    graph: mergedNodes(whole, graph.nodes.length),
    gradients: new Map(options.wrt.map((name, i) => [name, gradients[i]!.name])),
  };
}

/** As `backpropagate`, where of the default table the rules of all operators on the path are enough. */
export function backpropagateBy(
  defaults: RuleTable,
  builder: GraphBuilder,
  { of, wrt, seed, rules }: BackpropagateOptions,
): Value[] {
  const table: RuleTable = rules ? { ...defaults, ...rules } : defaults;
  const path = findPath(builder, { defaults, table }, of, wrt);
  const contributions = new Map<string, Value[]>([
    [of.name, [seed ?? builder.fill(of.dims, 1, of.type)]],
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

/** A path whose nodes all have rules. */
interface DifferentiablePath extends Path {
  /** The nodes of the path that a rule of what reads them may differentiate through, by the values they make. */
  readonly passable: ReadonlyMap<string, Node>;
}

interface Rules {
  readonly defaults: RuleTable;
  /** With what is laid over them. */
  readonly table: RuleTable;
}

function findPath(
  builder: GraphBuilder,
  rules: Rules,
  of: Value,
  wrt: readonly Value[],
): DifferentiablePath {
  const names = wrt.map((value) => value.name);
  const isCarrier = (name: string) => carriesGradient(builder.value(name));
  const hasRule = ruledBy(rules.table);
  const path = walkPath(builder.nodes, isCarrier, hasRule, of.name, names);
  const missing = missingIn(path.nodes, hasRule);
  if (missing.length > 0) throw new UnsupportedOperatorError(missing);
  return { ...path, passable: passableNodes(path, rules, names) };
}

function passableNodes(
  { nodes }: Path,
  { defaults, table }: Rules,
  wrt: readonly string[],
): ReadonlyMap<string, Node> {
  const readers = new Map<string, number>();
  for (const name of nodes.flatMap(valuesRead)) readers.set(name, (readers.get(name) ?? 0) + 1);
  const isPassable = ({ operator, outputs: [output = "", ...others] }: Node) =>
    table[operator] === defaults[operator] &&
    others.length === 0 &&
    readers.get(output) === 1 &&
    !wrt.includes(output);
  return new Map(nodes.filter(isPassable).map((node) => [node.outputs[0]!, node]));
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
    `differentiate: what is explained must depend on "${value.name}" through differentiable operators, got ${endsText(ends)}. name a layer before that, or export the model without it.`,
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
