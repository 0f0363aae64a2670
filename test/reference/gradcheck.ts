/** @file Checks gradient rules against central differences in float64, and in float32 on ONNX Runtime. */
import { describe, test } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.ts";
import type { RuleTable } from "../../src/autodiff/rule.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { assertClose } from "./compare.ts";
import { interpret, type Feeds } from "./interpreter.ts";
import { fromTensor, isFloating, type NdArray } from "./ndarray.ts";
import { objectiveOf, slopeAt, withObjective } from "./objective.ts";
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
  const weighted = withObjective(graph, row.seed ?? 0);
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

const step = 1e-3;

function centralDifference(
  graph: Graph,
  row: GradientRow,
  feeds: Feeds,
  weights: Feeds,
  name: string,
): NdArray {
  const input = feeds[name]!;
  const objective = (changed: NdArray) => {
    const own = { ...feeds, [name]: changed };
    return objectiveOf(
      row.surrogate ? surrogateOutputs(graph, row.surrogate, own) : interpret(graph, own),
      weights,
    );
  };
  return { ...input, data: input.data.map((_, i) => slopeAt(input, i, step, objective)) };
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
