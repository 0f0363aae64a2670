import { describe, expect, test } from "vitest";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { headOf } from "./head.ts";

/** A dense layer called logits, and the outputs that `ends` makes of it. */
function classifier(ends: (b: GraphBuilder, logits: Value) => readonly Value[]): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [2, 4]);
  const logits = b.op("Gemm", [x, b.constant(Array(12).fill(1), [4, 3])], {}, "logits");
  for (const output of ends(b, logits)) b.output(output);
  return b.build();
}

const softmax = (b: GraphBuilder, x: Value, name = "probabilities") =>
  b.op("Softmax", [x], { axis: -1 }, name);

describe("headOf", () => {
  test.each<
    [string, (b: GraphBuilder, logits: Value) => Value, string, "softmax" | "sigmoid" | undefined]
  >([
    ["plain logits", (_, x) => x, "logits", undefined],
    ["a softmax", (b, x) => softmax(b, x), "logits", "softmax"],
    ["a log-softmax", (b, x) => b.op("LogSoftmax", [x], {}, "y"), "logits", "softmax"],
    ["a sigmoid", (b, x) => b.op("Sigmoid", [x], {}, "y"), "logits", "sigmoid"],
    ["a softmax, reshaped", (b, x) => b.reshape(softmax(b, x), [2, 3, 1]), "logits", "softmax"],
    [
      "a Relu behind the logits",
      (b, x) => b.op("Relu", [x], {}, "positive"),
      "positive",
      undefined,
    ],
    [
      "a softmax written out",
      (b, x) => {
        const powers = b.op("Exp", [x]);
        return b.op("Div", [powers, b.reduceSum(powers, [1])]);
      },
      "logits",
      "softmax",
    ],
    [
      "a softmax written out, with the largest taken off",
      (b, x) => {
        const largest = b.op("ReduceMax", [x, b.ints([1])]);
        const powers = b.op("Exp", [b.sub(x, largest)]);
        return b.op("Div", [powers, b.reduceSum(powers, [1])]);
      },
      "logits",
      "softmax",
    ],
  ])("%s", (_, end, logits, activation) => {
    const head = headOf(classifier((b, x) => [end(b, x)]));
    expect(head.logits).toBe(logits);
    expect(head.activation).toBe(activation);
  });

  test("a quotient of other sums is no softmax", () => {
    const graph = classifier((b, x) => [
      b.op("Div", [b.op("Exp", [x]), b.reduceSum(x, [1])], {}, "q"),
    ]);
    expect(headOf(graph)).toMatchObject({ output: "q", logits: "q", activation: undefined });
  });

  test.each([
    ["softmax first", (b: GraphBuilder, x: Value) => [softmax(b, x), x]],
    ["softmax last", (b: GraphBuilder, x: Value) => [x, softmax(b, x)]],
  ])("logits beside their softmax, %s", (_, ends) => {
    expect(headOf(classifier(ends))).toMatchObject({ output: "probabilities", logits: "logits" });
  });

  test("the main classifier lies deeper than an auxiliary one", () => {
    const graph = classifier((b, x) => [
      softmax(b, x, "auxiliary"),
      softmax(b, b.op("Relu", [x], {}, "deep"), "main"),
    ]);
    expect(headOf(graph)).toMatchObject({ output: "main", logits: "deep" });
  });

  test("class numbers as an output are not explained", () => {
    const graph = classifier((b, x) => [
      b.op("ArgMax", [b.op("Relu", [x])], { axis: 1 }, "label"),
      softmax(b, x),
    ]);
    expect(headOf(graph).output).toBe("probabilities");
  });

  test("of outputs just as deep the first is taken", () => {
    const graph = classifier((b, x) => [
      b.op("Relu", [x], {}, "first"),
      b.op("Abs", [x], {}, "second"),
    ]);
    expect(headOf(graph).output).toBe("first");
  });

  test("a network without floating outputs is refused", () => {
    const graph = classifier((b, x) => [b.op("ArgMax", [x], { axis: 1 }, "label")]);
    expect(() => headOf(graph)).toThrow(/output of floating numbers, got "label" int64/);
  });
});
