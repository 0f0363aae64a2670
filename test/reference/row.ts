/** @file A row of a checking table: one call of one operator, as data; and the one-node graph that it stands for. */
import { toAttributes } from "../../src/graph/attributes.ts";
import { GraphBuilder, type AttributeInputs, type Value } from "../../src/graph/builder.ts";
import { OPSET, type Graph, type Node } from "../../src/graph/graph.ts";
import { elementCount, formatShape, type ElementType } from "../../src/graph/tensor.ts";
import { randomStream, type RandomStream } from "../../src/random.ts";
import { interpretValues, type Feeds } from "./interpreter.ts";
import { isFloating, isInteger, ndarray, toTensor, type NdArray } from "./ndarray.ts";
import type { OperatorInputs } from "./operator.ts";

/** One input of a row, spelled out. */
export interface InputSpec {
  readonly dims: readonly number[];
  /** `float32` by default. */
  readonly type?: ElementType;
  /** Literal elements; random ones by default. */
  readonly values?: readonly number[];
  /** Random elements lie between these, -2 and 2 by default (0 and 1 for `bool`); whole numbers for integer types. */
  readonly low?: number;
  readonly high?: number;
  /** Kinks: random elements keep a distance of 0.02 from these numbers. */
  readonly away?: readonly number[];
  /** True for elements that are evenly spaced between `low` and `high` in random order, so that none tie. */
  readonly spaced?: boolean;
  /**
   * True for an initializer, false for a graph input. By default floating inputs are graph inputs and
   * all others initializers. The gradient is checked for every floating graph input.
   */
  readonly constant?: boolean;
}

/** A shape stands for random float32 elements of that shape, null for an input that is left out. */
export type RowInput = readonly number[] | InputSpec | null;

/** One call of an operator. */
export interface Row {
  readonly inputs: readonly RowInput[];
  readonly attributes?: AttributeInputs;
  /** Number of outputs, 1 by default; or for each output whether the node has it. */
  readonly outputs?: number | readonly boolean[];
  /** What the row is about, for the name of its test. */
  readonly note?: string;
  /** Why ONNX Runtime cannot judge this row; it is checked on the interpreter alone. */
  readonly withoutOnnxRuntime?: string;
  /** Allowed difference of float32 from float64, relative to the largest element: 1e-5 by default, gradients 1e-4. */
  readonly tolerance?: number;
  /** Changes the random elements. */
  readonly seed?: number;
}

/** A row whose gradient is checked. */
export interface GradientRow extends Row {
  /**
   * For a rule that is not the derivative of its operator (straight through): the function whose
   * derivative it is.
   */
  readonly surrogate?: (inputs: OperatorInputs) => readonly NdArray[];
  /** Adds nodes behind the node, whose outputs are no floats; what it returns is checked in their place. */
  readonly followedBy?: (b: GraphBuilder, outputs: readonly Value[]) => readonly Value[];
}

/** Rows by operator: of `rows/FAMILY.ts`, gradients and what is only computed forward. */
export type GradientRows = Readonly<Record<string, readonly GradientRow[]>>;
export type ForwardRows = Readonly<Record<string, readonly Row[]>>;

/** A row made concrete. */
export interface OneNodeGraph {
  /** Shapes of all values are known; every output of the node is a graph output. */
  readonly graph: Graph;
  readonly feeds: Feeds;
}

/** The graph of a row: inputs `in0`, `in1`, ..., outputs `out0`, `out1`, ..., and numbers for its inputs. */
export function oneNodeGraph(operator: string, row: GradientRow): OneNodeGraph {
  const arrays = row.inputs.map((input, i) => inputArray(operator, row, input, i));
  const names = arrays.map((array, i) => (array ? `in${i}` : ""));
  const constant = row.inputs.map((input, i) => isConstant(input, arrays[i]));
  const kept = typeof row.outputs === "object" ? row.outputs : Array(row.outputs ?? 1).fill(true);
  const node: Node = {
    name: operator,
    operator,
    domain: "",
    inputs: names,
    outputs: kept.map((keep, i) => (keep ? `out${i}` : "")),
    attributes: toAttributes(row.attributes ?? {}),
  };
  const named = names.flatMap((name, i) => {
    const array = arrays[i];
    return array ? [{ name, array, constant: constant[i]! }] : [];
  });
  const fed = named.filter((input) => !input.constant);
  const feeds = Object.fromEntries(fed.map(({ name, array }) => [name, array]));
  const graph: Graph = {
    name: `${operator} at opset ${OPSET}`,
    inputs: fed.map(({ name, array }) => ({ name, type: array.type, dims: array.dims })),
    outputs: [],
    nodes: [node],
    initializers: new Map(
      named.filter((input) => input.constant).map(({ name, array }) => [name, toTensor(array)]),
    ),
    shapes: new Map(),
    metadata: new Map(),
  };
  return { graph: continued(measured(graph, feeds), row), feeds };
}

/** The graph with the further nodes of the row. */
function continued(graph: Graph, row: GradientRow): Graph {
  if (!row.followedBy) return graph;
  const b = new GraphBuilder(graph);
  for (const value of row.followedBy(
    b,
    graph.outputs.map(({ name }) => b.value(name)),
  ))
    b.output(value);
  return b.build();
}

/** The graph with the outputs of its node as outputs, and every shape as the interpreter finds it. */
function measured(graph: Graph, feeds: Feeds): Graph {
  const values = interpretValues(graph, feeds);
  const shapes = new Map(
    Array.from(values, ([name, { type, dims }]) => [name, { type, dims }] as const),
  );
  const outputs = graph.nodes[0]!.outputs.filter(Boolean).map((name) => ({
    name,
    ...shapes.get(name)!,
  }));
  return { ...graph, outputs, shapes };
}

function isConstant(input: RowInput, array: NdArray | undefined): boolean {
  if (!array) return false;
  return (isSpec(input) ? input.constant : undefined) ?? !isFloating(array.type);
}

function isSpec(input: RowInput): input is InputSpec {
  return input !== null && !Array.isArray(input);
}

function inputArray(operator: string, row: Row, input: RowInput, i: number): NdArray | undefined {
  if (input === null) return undefined;
  const spec: InputSpec = isSpec(input) ? input : { dims: input };
  const type = spec.type ?? "float32";
  if (spec.values) return ndarray(type, spec.dims, spec.values);
  return drawnArray(spec, randomStream("row", operator, row.seed ?? 0, i));
}

/** Random elements as the input asks for them. */
export function drawnArray(spec: InputSpec, stream: RandomStream): NdArray {
  const type = spec.type ?? "float32";
  return ndarray(type, spec.dims, randomElements(spec, type, stream));
}

const kinkDistance = 0.02;

function randomElements(spec: InputSpec, type: ElementType, stream: RandomStream): number[] {
  const count = elementCount(spec.dims);
  const low = spec.low ?? (type === "bool" || type.startsWith("uint") ? 0 : -2);
  const high = spec.high ?? (type === "bool" ? 1 : 2);
  if (spec.spaced) return shuffled(count, stream).map((k) => low + ((high - low) * k) / count);
  return Array.from({ length: count }, () => {
    if (type === "bool" || isInteger(type)) return low + stream.below(high - low + 1);
    let value = stream.between(low, high);
    while (spec.away?.some((kink) => Math.abs(value - kink) < kinkDistance)) {
      value = stream.between(low, high);
    }
    return value;
  });
}

function shuffled(count: number, stream: RandomStream): number[] {
  const order = Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k--) {
    const other = stream.below(k + 1);
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return order;
}

/** The name of a row's test: its note, shapes and attributes. */
export function rowName(row: Row): string {
  const inputs = row.inputs.map((input) => {
    if (input === null) return "none";
    const { dims, type } = isSpec(input) ? input : { dims: input, type: undefined };
    return `${type ?? ""}${formatShape(dims)}`;
  });
  const attributes = Object.entries(row.attributes ?? {}).map(
    ([name, value]) => `${name} ${JSON.stringify(value)}`,
  );
  const told = [inputs.join(" "), attributes.join(", "), row.note ?? ""].filter(Boolean);
  return `${told.join("; ")}${row.seed === undefined ? "" : ` (seed ${row.seed})`}`;
}
