/** @file No operator is in a table without being checked. */
import { expect, test } from "vitest";
import { rules, zeroGradientOperators } from "../../src/autodiff/rules/index.ts";
import { operators } from "../reference/interpreter.ts";
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
  const listed = [...Object.keys(rules), ...zeroGradientOperators];
  expect(listed.filter((operator) => !Object.hasOwn(operators, operator))).toEqual([]);
});

test("every interpreter version is compared with ONNX Runtime", () => {
  const checked = new Set([...withRows(gradientRows), ...withRows(forwardRows)]);
  expect(Object.keys(operators).filter((operator) => !checked.has(operator))).toEqual([]);
});

test("no operator has both a rule and a zero gradient", () => {
  expect(Object.keys(rules).filter((operator) => zeroGradientOperators.has(operator))).toEqual([]);
});

test("no operator is in two families of rows", () => {
  const names = Object.values(families).flatMap((f) => Object.keys(f.gradientRows));
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
