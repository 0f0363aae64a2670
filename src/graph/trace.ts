/** @file Exact shapes by execution: one run at the wanted input size measures every value and folds constants. */
import { internalError } from "../errors.ts";
import { AttributeReader } from "./attributes.ts";
import { cut, valuesRead } from "./edit.ts";
import { castCodes } from "./infer.ts";
import type { Graph, Node, ValueInfo, ValueShape } from "./graph.ts";
import { toNumbers, type ElementType, type Tensor } from "./tensor.ts";

/** Runs a graph once; every output is wanted. */
export type Execute = (
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
) => Promise<Readonly<Record<string, Tensor>>>;

/**
 * The graph at the input size of `feeds`: its inputs have these exact shapes, every value has a known
 * shape, and every value that does not depend on the numbers fed (weights, and all that is computed
 * from shapes) is an initializer. Nodes that became constant are gone.
 */
export async function trace(
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
  execute: Execute,
): Promise<Graph> {
  const fed = new Map(Object.entries(feeds));
  const varying = varyingValues(graph);
  const live = graph.nodes.filter((node) => node.outputs.some((output) => varying.has(output)));
  const folded = foldedValues(graph, live, varying);
  const measured = live.flatMap((node) => node.outputs.filter(Boolean));
  const probe = withShapeProbes(graph, measured, folded);
  const results = await execute(probe, feeds);
  const initializers = new Map(graph.initializers);
  for (const name of folded) initializers.set(name, results[name]!);
  const types = elementTypes(graph, live, initializers);
  const shapes = new Map<string, ValueShape>();
  for (const [name, value] of fed) shapes.set(name, { type: value.type, dims: value.dims });
  for (const name of measured) {
    shapes.set(name, { type: types.get(name)!, dims: toNumbers(results[probeName(name)]!) });
  }
  const inputs = graph.inputs.map((input): ValueInfo => ({ ...input, ...shapes.get(input.name)! }));
  const outputs = graph.outputs.map((output): ValueInfo => {
    const shape = shapes.get(output.name) ?? initializers.get(output.name)!;
    return { name: output.name, type: shape.type, dims: shape.dims };
  });
  const traced = { ...graph, inputs, outputs, nodes: live, initializers, shapes };
  const names = outputs.map((output) => output.name);
  const smallest = cut({ ...traced }, { outputs: names });
  return { ...smallest, inputs };
}

/** Operators whose output depends on the shape of their input alone. */
const shapeOperators = new Set(["Shape", "Size"]);
/** Operators that give other numbers at every run. */
const randomOperators = new Set([
  "Bernoulli",
  "Multinomial",
  "RandomNormal",
  "RandomNormalLike",
  "RandomUniform",
  "RandomUniformLike",
]);

function varyingValues(graph: Graph): Set<string> {
  const varying = new Set(graph.inputs.map((input) => input.name));
  for (const node of graph.nodes) {
    if (shapeOperators.has(node.operator)) continue;
    if (randomOperators.has(node.operator) || valuesRead(node).some((name) => varying.has(name))) {
      for (const output of node.outputs) if (output) varying.add(output);
    }
  }
  return varying;
}

/** Computed constants that a live node or the caller still reads. */
function foldedValues(graph: Graph, live: readonly Node[], varying: ReadonlySet<string>): string[] {
  const read = new Set([
    ...live.flatMap(valuesRead),
    ...graph.outputs.map((output) => output.name),
  ]);
  return [...read].filter((name) => !varying.has(name) && !graph.initializers.has(name));
}

function probeName(value: string): string {
  return `${value}/measured-shape`;
}

/** Outputs are the shapes of the measured values, not the values, so that the run stays small in memory. */
function withShapeProbes(
  graph: Graph,
  measured: readonly string[],
  folded: readonly string[],
): Graph {
  const probes = measured.map((value): Node => ({
    name: probeName(value),
    operator: "Shape",
    domain: "",
    inputs: [value],
    outputs: [probeName(value)],
    attributes: {},
  }));
  const outputs = [
    ...probes.map((probe): ValueInfo => ({ name: probe.name, type: "int64", dims: undefined })),
    ...folded.map((name): ValueInfo => ({ name, type: undefined, dims: undefined })),
  ];
  return { ...graph, nodes: [...graph.nodes, ...probes], outputs };
}

type TypeOf = (node: Node, input: (i: number) => ElementType) => readonly ElementType[];

const sameType: TypeOf = (node, input) => node.outputs.map(() => input(0));
const always =
  (...types: readonly ElementType[]): TypeOf =>
  () =>
    types;

/** Element types of the outputs where they are not all that of the first input. */
const outputTypes: Readonly<Record<string, TypeOf>> = {
  ...Object.fromEntries(
    [
      "And",
      "Equal",
      "Greater",
      "GreaterOrEqual",
      "IsInf",
      "IsNaN",
      "Less",
      "LessOrEqual",
      "Not",
      "Or",
      "Xor",
    ].map((operator) => [operator, always("bool")]),
  ),
  ArgMax: always("int64"),
  ArgMin: always("int64"),
  Cast: (node) => [typeOfCode(new AttributeReader(node).int("to"))],
  CastLike: (_, input) => [input(1)],
  ConvInteger: always("int32"),
  DequantizeLinear: (_, input) => [input(1)],
  Dropout: (_, input) => [input(0), "bool"],
  DynamicQuantizeLinear: always("uint8", "float32", "uint8"),
  EyeLike: (node, input) => [typeFromAttribute(node, "dtype", input(0))],
  LayerNormalization: (_, input) => [input(0), "float32", "float32"],
  MatMulInteger: always("int32"),
  MaxPool: (_, input) => [input(0), "int64"],
  NonMaxSuppression: always("int64"),
  NonZero: always("int64"),
  OneHot: (_, input) => [input(2)],
  QLinearConv: (_, input) => [input(7)],
  QLinearMatMul: (_, input) => [input(7)],
  QuantizeLinear: (node, input) => [node.inputs[2] ? input(2) : "uint8"],
  RandomNormal: (node) => [typeFromAttribute(node, "dtype", "float32")],
  RandomNormalLike: (node, input) => [typeFromAttribute(node, "dtype", input(0))],
  RandomUniform: (node) => [typeFromAttribute(node, "dtype", "float32")],
  RandomUniformLike: (node, input) => [typeFromAttribute(node, "dtype", input(0))],
  TopK: (_, input) => [input(0), "int64"],
  Unique: (_, input) => [input(0), "int64", "int64", "int64"],
  Where: (_, input) => [input(1)],
};

function typeFromAttribute(node: Node, name: string, fallback: ElementType): ElementType {
  const reader = new AttributeReader(node);
  return reader.has(name) ? typeOfCode(reader.int(name)) : fallback;
}

function typeOfCode(code: number): ElementType {
  const found = Object.entries(castCodes).find((entry) => entry[1] === code);
  if (!found) throw internalError("trace", `unknown element type ${code}`);
  return found[0] as ElementType;
}

function elementTypes(
  graph: Graph,
  live: readonly Node[],
  initializers: ReadonlyMap<string, Tensor>,
): Map<string, ElementType> {
  const types = new Map<string, ElementType>();
  for (const input of graph.inputs) if (input.type) types.set(input.name, input.type);
  for (const node of live) {
    const typeAt = (i: number): ElementType => {
      const name = node.inputs[i] ?? "";
      const type = types.get(name) ?? initializers.get(name)?.type;
      if (!type)
        throw internalError("trace", `type of input ${i} of ${node.operator} is not known`);
      return type;
    };
    const subgraph = node.attributes["then_branch"] ?? node.attributes["body"];
    const found =
      subgraph?.kind === "graph"
        ? subgraph.value.outputs
            .slice(-node.outputs.length)
            .map((output) => output.type ?? "float32")
        : (outputTypes[node.operator] ?? sameType)(node, typeAt);
    for (const [i, output] of node.outputs.entries()) types.set(output, found[i] ?? found[0]!);
  }
  return types;
}
