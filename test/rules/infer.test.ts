/** @file The shapes that the builder infers are those that ONNX Runtime gives, over the rows of all families. */
import { expect, test } from "vitest";
import { backpropagate } from "../../src/autodiff/differentiate.ts";
import { GraphBuilder, type Value } from "../../src/graph/builder.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { isFloating } from "../reference/ndarray.ts";
import { runOnnxRuntime } from "../reference/onnxruntime.ts";
import {
  oneNodeGraph,
  rowName,
  type ForwardRows,
  type GradientRow,
  type GradientRows,
  type Row,
} from "../reference/row.ts";
import { families } from "../reference/rows/index.ts";

/** The operator under test, added by the builder; as the row's own node where the builder never emits it. */
function addOperator(graph: Graph, row: Row): { b: GraphBuilder; outputs: readonly Value[] } {
  const node = graph.nodes[0]!;
  const b = new GraphBuilder({ ...graph, nodes: [] });
  const inputs = node.inputs.map((name) => (name === "" ? null : b.value(name)));
  try {
    return { b, outputs: b.ops(node.operator, inputs, node.outputs.length, row.attributes) };
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("no shape rule"))) throw error;
    const base = new GraphBuilder(graph);
    return { b: base, outputs: graph.outputs.map(({ name }) => base.value(name)) };
  }
}

/** Adds the gradients of the sum of all floating outputs. */
function addGradients(b: GraphBuilder, outputs: readonly Value[], inputs: readonly Value[]): void {
  const sums = outputs
    .filter(({ type }) => isFloating(type))
    .map((output) => b.op("ReduceSum", [output], { keepdims: 0 }));
  backpropagate(b, { of: sums.reduce((a, c) => b.add(a, c)), wrt: inputs });
}

async function checkShapes(operator: string, row: GradientRow, differentiable: boolean) {
  const { graph, feeds } = oneNodeGraph(operator, row);
  const { b, outputs } = addOperator(graph, row);
  const inputs = graph.inputs.map(({ name }) => b.value(name));
  const floating = inputs.filter(({ type }) => isFloating(type));
  if (differentiable) addGradients(b, row.followedBy?.(b, outputs) ?? outputs, floating);
  const built = b.build();
  const inferred = built.nodes
    .flatMap((node) => node.outputs)
    .map((name) => ({ name, type: b.value(name).type, dims: b.value(name).dims }));
  const results = await runOnnxRuntime({ ...built, outputs: inferred }, feeds);
  const measured = inferred.map(({ name }) => {
    const { type, dims } = results[name]!;
    return { name, type, dims };
  });
  expect(inferred).toEqual(measured);
}

type NamedRow = readonly [
  name: string,
  operator: string,
  row: GradientRow,
  differentiable: boolean,
];

function namedRows(table: GradientRows | ForwardRows, differentiable: boolean): NamedRow[] {
  return Object.entries(table).flatMap(([operator, rows]) =>
    rows
      .filter((row) => row.withoutOnnxRuntime === undefined)
      .map((row): NamedRow => [`${operator} ${rowName(row)}`, operator, row, differentiable]),
  );
}

const rows = Object.values(families).flatMap(({ gradientRows, forwardRows }) => [
  ...namedRows(gradientRows, true),
  ...namedRows(forwardRows, false),
]);

test.each(rows)("%s", (_, operator, row, differentiable) =>
  checkShapes(operator, row, differentiable),
);
