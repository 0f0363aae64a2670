/** @file No operator is in a table without being checked. */
import { expect, test } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.ts";
import { rules } from "../../src/autodiff/rules/index.ts";
import { operatorsWith } from "../../src/graph/operators.ts";
import { operators } from "../reference/interpreter.ts";
import { isFloating } from "../reference/ndarray.ts";
import { oneNodeGraph, type GradientRow } from "../reference/row.ts";
import { families } from "../reference/rows/index.ts";

const gradientRows = Object.assign({}, ...Object.values(families).map((f) => f.gradientRows));
const forwardRows = Object.assign({}, ...Object.values(families).map((f) => f.forwardRows));

function withRows(table: Readonly<Record<string, readonly unknown[]>>): Set<string> {
  return new Set(Object.keys(table).filter((operator) => table[operator]!.length > 0));
}

test("every operator with a rule has gradient rows", () => {
  const checked = withRows(gradientRows);
  expect(Object.keys(rules).filter((operator) => !checked.has(operator))).toEqual([]);
});

test("every operator with a rule or a zero gradient has an interpreter version", () => {
  const listed = [...Object.keys(rules), ...operatorsWith("flat")];
  expect(listed.filter((operator) => !Object.hasOwn(operators, operator))).toEqual([]);
});

test("every interpreter version is compared with ONNX Runtime", () => {
  const checked = new Set([...withRows(gradientRows), ...withRows(forwardRows)]);
  expect(Object.keys(operators).filter((operator) => !checked.has(operator))).toEqual([]);
});

test("no operator has both a rule and a zero gradient", () => {
  expect(Object.keys(rules).filter((operator) => operatorsWith("flat").has(operator))).toEqual([]);
});

test("no operator is in two families of rows", () => {
  const names = Object.values(families).flatMap((f) => Object.keys(f.gradientRows));
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

/** The nodes that the gradient of a row adds, as far as one of its outputs depends on its inputs. */
function gradientNodes(operator: string, row: GradientRow) {
  const { graph } = oneNodeGraph(operator, row);
  const floating = graph.inputs.filter(({ type }) => type && isFloating(type));
  const [output] = graph.outputs.filter(({ type }) => type && isFloating(type));
  const wrt = floating.slice(0, 1).map(({ name }) => name);
  if (!output) return [];
  return differentiate(graph, { of: output.name, wrt }).graph.nodes.slice(graph.nodes.length);
}

test("no rule adds by ScatterND, where ONNX Runtime loses additions on several threads", () => {
  const adding = Object.entries<readonly GradientRow[]>(gradientRows).filter(([operator, rows]) =>
    rows
      .flatMap((row) => gradientNodes(operator, row))
      .some((node) => node.operator === "ScatterND" && node.attributes["reduction"] !== undefined),
  );
  expect(adding.map(([operator]) => operator)).toEqual([]);
});
