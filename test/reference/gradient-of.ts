/** @file The gradient of one operator at chosen numbers, for tests of what a rule does at kinks and ties. */
import { differentiate } from "../../src/autodiff/differentiate.ts";
import { interpret } from "./interpreter.ts";
import { isFloating } from "./ndarray.ts";
import { oneNodeGraph, type Row } from "./row.ts";

/** The gradients of the sum of the first output by every floating graph input, in their order. */
export function gradientsOf(operator: string, row: Row): number[][] {
  const { graph, feeds } = oneNodeGraph(operator, row);
  const wrt = graph.inputs.filter(({ type }) => type && isFloating(type)).map(({ name }) => name);
  const result = differentiate(graph, { of: graph.outputs[0]!.name, wrt });
  const values = interpret(result.graph, feeds);
  return wrt.map((name) => {
    const { data } = values[result.gradients.get(name)!]!;
    return Array.from(data, (value) => value + 0);
  });
}
