/** @file Methods that bend backpropagation, on networks small enough to follow by hand. */
import { describe, expect, test } from "vitest";
import { interpret } from "../../test/reference/interpreter.ts";
import { ndarray } from "../../test/reference/ndarray.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { backpropagate } from "./differentiate.ts";
import { deconvolution, guidedBackpropagation, redirectedRelu } from "./overrides.ts";
import type { RuleTable } from "./rule.ts";

/** The gradient of sum(weights * f(x)) under a table of rules. */
function gradientOf(
  f: (b: GraphBuilder, x: Value) => Value,
  dims: readonly number[],
  x: readonly number[],
  weights: readonly number[],
  rules: RuleTable,
): number[] {
  const b = new GraphBuilder();
  const input = b.input("x", dims);
  const y = f(b, input);
  const seed = b.constant(weights, dims);
  const [gradient] = backpropagate(b, { of: y, seed, wrt: [input], rules });
  b.output(gradient!);
  const outputs = interpret(b.build(), { x: ndarray("float32", dims, x) });
  return Array.from(outputs[gradient!.name]!.data, (value) => value + 0);
}

const relu = (b: GraphBuilder, x: Value) => b.op("Relu", [x]);
const throughRelu = (rules: RuleTable) =>
  gradientOf(relu, [1, 4], [-1, 0, 1, 1], [2, 2, 2, -2], rules);
const relu6 = (b: GraphBuilder, x: Value) => b.op("Clip", [x, b.scalar(0), b.scalar(6)]);

const clip01 = (b: GraphBuilder, x: Value) => b.op("Clip", [x, b.scalar(0), b.scalar(1)]);

describe("a ReLU at -1, 0, 1, 1 with gradient 2, 2, 2, -2", () => {
  test("passes by default where it is active", () => {
    expect(throughRelu({})).toEqual([0, 0, 2, -2]);
  });
  test("guided: passes where it is active and the gradient positive", () => {
    expect(throughRelu(guidedBackpropagation)).toEqual([0, 0, 2, 0]);
  });
  test("deconvolution: passes where the gradient is positive", () => {
    expect(throughRelu(deconvolution)).toEqual([2, 2, 2, 0]);
  });
  test("redirected: is as the default, since the example is alive", () => {
    expect(throughRelu(redirectedRelu)).toEqual([0, 0, 2, -2]);
  });
});

describe("a ReLU6 at -1, 1, 1, 7 with gradient 2, 2, -2, 2", () => {
  const through = (rules: RuleTable) =>
    gradientOf(relu6, [1, 4], [-1, 1, 1, 7], [2, 2, -2, 2], rules);
  test("guided: passes between its bounds where the gradient is positive", () => {
    expect(through(guidedBackpropagation)).toEqual([0, 2, 0, 0]);
  });
  test("deconvolution: passes where the gradient is positive", () => {
    expect(through(deconvolution)).toEqual([2, 2, 0, 2]);
  });
});

test("other clips keep their gradient", () => {
  for (const rules of [guidedBackpropagation, deconvolution]) {
    expect(gradientOf(clip01, [1, 3], [-1, 0.5, 2], [-1, -1, -1], rules)).toEqual([0, -1, 0]);
  }
});

describe("redirected ReLU", () => {
  test("pushes the inputs of a dead example up, and of no other", () => {
    const x = [-1, -2, -1, 3];
    expect(gradientOf(relu, [2, 2], x, [2, -2, 2, 2], redirectedRelu)).toEqual([2, 0, 0, 2]);
  });
  test("pushes the inputs of a dead ReLU6 towards its active range", () => {
    const x = [-1, -2, 7, 8];
    expect(gradientOf(relu6, [1, 4], x, [2, -2, 2, -2], redirectedRelu)).toEqual([2, 0, 0, -2]);
  });
  test("leaves a ReLU6 alone that is alive", () => {
    const x = [-1, 3, 7, 8];
    expect(gradientOf(relu6, [1, 4], x, [2, 2, 2, -2], redirectedRelu)).toEqual([0, 2, 0, 0]);
  });
  test("leaves other clips alone", () => {
    expect(gradientOf(clip01, [1, 2], [-1, 2], [1, -1], redirectedRelu)).toEqual([0, 0]);
  });
  test("takes a list of numbers for one example", () => {
    expect(gradientOf(relu, [3], [-1, -2, 3], [1, 1, 1], redirectedRelu)).toEqual([0, 0, 1]);
    expect(gradientOf(relu, [], [-1], [1], redirectedRelu)).toEqual([1]);
  });
});
