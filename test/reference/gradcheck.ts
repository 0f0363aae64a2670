/** @file Checks gradient rules against central differences in float64, and in float32 on ONNX Runtime. */
import { describe, test } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.ts";
import type { RuleTable } from "../../src/autodiff/rule.ts";
import { GraphBuilder, type Value } from "../../src/graph/builder.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { randomStream } from "../../src/random.ts";
import { assertClose } from "./compare.ts";
import { interpret, type Feeds } from "./interpreter.ts";
import { fromTensor, generate, isFloating, type NdArray } from "./ndarray.ts";
import { runOnnxRuntime } from "./onnxruntime.ts";
import { oneNodeGraph, rowName, type GradientRow, type GradientRows } from "./row.ts";

/** Declares a test for every row of every operator. */
export function gradcheckAll(table: GradientRows): void {
  for (const [operator, rows] of Object.entries(table)) gradcheck(operator, rows);
}

/**
 * Declares a test a row. The objective is the sum of every floating output times random weights; its
 * gradient by every floating graph input, run in float64 on the interpreter, must equal fourth-order
 * central differences within 1e-6 of the largest element, and the same graph must give the same in
 * float32 on ONNX Runtime. The forward outputs are compared too.
 */
function gradcheck(operator: string, rows: readonly GradientRow[]): void {
  describe(`${operator} gradient`, () => {
    for (const row of rows) test(rowName(row), () => checkGradient(operator, row));
  });
}

/** Runs one row, with `rules` laid over the default ones. Throws where a gradient is wrong. */
export async function checkGradient(
  operator: string,
  row: GradientRow,
  rules: RuleTable = {},
): Promise<void> {
  const { graph, feeds } = oneNodeGraph(operator, row);
  const wrt = graph.inputs.filter(({ type }) => type && isFloating(type)).map(({ name }) => name);
  if (wrt.length === 0) throw new Error(`gradcheck: ${operator} has no floating graph input`);
  const weighted = addObjective(graph, row);
  const result = differentiate(weighted.graph, { of: weighted.of, wrt, rules });
  const exact = interpret(result.graph, { ...feeds, ...weighted.feeds });
  for (const name of wrt) {
    const difference = centralDifference(graph, row, feeds, weighted.feeds, name);
    const gradient = exact[result.gradients.get(name)!]!;
    assertClose(gradient, difference, 1e-6, `${operator}: gradient of ${name}`);
  }
  if (row.withoutOnnxRuntime !== undefined) return;
  const single = await runOnnxRuntime(result.graph, { ...feeds, ...weighted.feeds });
  for (const { name } of result.graph.outputs) {
    const backward = [...result.gradients.values()].includes(name);
    const tolerance = row.tolerance ?? (backward ? 1e-4 : 1e-5);
    assertClose(single[name]!, exact[name]!, tolerance, `${operator} on ONNX Runtime: ${name}`);
  }
}

interface WeightedGraph {
  readonly graph: Graph;
  /** Name of the objective. */
  readonly of: string;
  /** Weights of the outputs, by the name of their graph input. */
  readonly feeds: Feeds;
}

function weightName(output: string): string {
  return `weights of ${output}`;
}

function addObjective(graph: Graph, row: GradientRow): WeightedGraph {
  const b = new GraphBuilder(graph);
  const feeds: Record<string, NdArray> = {};
  const sums: Value[] = [];
  for (const output of graph.outputs) {
    const value = b.value(output.name);
    if (!isFloating(value.type)) continue;
    const stream = randomStream("weights", output.name, row.seed ?? 0);
    const weights = b.input(weightName(output.name), value.dims, value.type);
    feeds[weights.name] = generate(value.type, value.dims, () => stream.between(-1, 2));
    const axes = value.dims.map((_, axis) => axis);
    sums.push(b.reduceSum(b.mul(value, weights), axes, false));
  }
  const of = sums.reduce((a, c) => b.add(a, c));
  return { graph: { ...b.build(), outputs: graph.outputs }, of: of.name, feeds };
}

const step = 1e-3;
/** Offsets and weights of the fourth-order central difference; its error is step^4 / 30 times the fifth derivative. */
const stencil = [
  [-2, 1 / 12],
  [-1, -8 / 12],
  [1, 8 / 12],
  [2, -1 / 12],
] as const;

function centralDifference(
  graph: Graph,
  row: GradientRow,
  feeds: Feeds,
  weights: Feeds,
  name: string,
): NdArray {
  const input = feeds[name]!;
  const objective = (changed: NdArray) =>
    weightedSum(graph, row, { ...feeds, [name]: changed }, weights);
  const data = input.data.map((value, i) => {
    const moved = (offset: number) => ({ ...input, data: input.data.with(i, value + offset) });
    const total = stencil.reduce((sum, [k, w]) => sum + w * objective(moved(k * step)), 0);
    return total / step;
  });
  return { ...input, data };
}

function weightedSum(graph: Graph, row: GradientRow, feeds: Feeds, weights: Feeds): number {
  const outputs = row.surrogate
    ? surrogateOutputs(graph, row.surrogate, feeds)
    : interpret(graph, feeds);
  let sum = 0;
  for (const [name, output] of Object.entries(outputs)) {
    const factors = weights[weightName(name)];
    if (factors) output.data.forEach((value, i) => (sum += value * factors.data[i]!));
  }
  return sum;
}

function surrogateOutputs(
  graph: Graph,
  surrogate: NonNullable<GradientRow["surrogate"]>,
  feeds: Feeds,
): Record<string, NdArray> {
  const node = graph.nodes[0]!;
  const inputs = node.inputs.map((name) => {
    const constant = graph.initializers.get(name);
    return feeds[name] ?? (constant && fromTensor(constant));
  });
  return Object.fromEntries(surrogate(inputs).map((array, i) => [graph.outputs[i]!.name, array]));
}
