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

  test("a network that only says which number is the largest is explained by these numbers", () => {
    const graph = classifier((b, x) => [b.op("ArgMax", [x], { axis: 1 }, "label")]);
    expect(headOf(graph)).toMatchObject({ output: "label", answer: "logits" });
  });

  test("a network without floating outputs is refused", () => {
    const graph = classifier((b, x) => [b.op("ArgMin", [x], { axis: 1 }, "label")]);
    expect(() => headOf(graph)).toThrow(/output of floating numbers, got "label" int64/);
  });
});

describe("kinds that are asked for", () => {
  const one = (end: (b: GraphBuilder, x: Value) => Value): Graph => {
    const b = new GraphBuilder();
    const x = b.input("x", [2, 4]);
    const sum = b.op("Gemm", [x, b.constant(Array(4).fill(1), [4, 1])], {}, "logit");
    b.output(end(b, sum));
    return b.build();
  };
  const sigmoid = (b: GraphBuilder, x: Value) => b.op("Sigmoid", [x]);
  const heads: readonly [string, (b: GraphBuilder, x: Value) => Value][] = [
    ["a hard sigmoid", (b, x) => b.op("HardSigmoid", [x])],
    ["one minus a sigmoid", (b, x) => b.sub(b.scalar(1), sigmoid(b, x))],
    ["a tanh from 0 to 1", (b, x) => b.add(b.mul(b.op("Tanh", [x]), b.scalar(0.5)), b.scalar(0.5))],
    ["a clip from 0 to 1", (b, x) => b.op("Clip", [x, b.scalar(0), b.scalar(1)])],
    ["a rectifier", (b, x) => b.op("Relu", [x])],
    ["a sigmoid of another scale", (b, x) => b.mul(sigmoid(b, x), b.scalar(7))],
    ["sigmoids that are multiplied", (b, x) => b.mul(sigmoid(b, x), sigmoid(b, x))],
    ["a softmax", (b, x) => b.op("Softmax", [x], { axis: -1 })],
  ];

  test.each(heads)("%s has no logits of answers", (_, end) => {
    expect(() => headOf(one(end), { kind: "yes-no" })).toThrow("numbers are no logits");
    expect(() =>
      headOf(
        classifier((b, x) => [end(b, x)]),
        { kind: "labels" },
      ),
    ).toThrow("numbers are no logits");
  });

  test.each(heads.slice(0, -1))("%s of one number is no answer by two names either", (_, end) => {
    const metadata = new Map([["names", "{0: 'no', 1: 'yes'}"]]);
    const head = headOf({ ...one(end), metadata });
    expect(head).toMatchObject({ kind: "value", probabilities: "none" });
    expect(head.noLogits).toBeDefined();
  });

  test.each<[string, (b: GraphBuilder, x: Value) => Value]>([
    ["a plain sum", (_, x) => x],
    ["a sigmoid", sigmoid],
    ["a sigmoid that is bounded", (b, x) => b.op("Clip", [sigmoid(b, x), b.scalar(1e-6)])],
    ["a sigmoid in percent", (b, x) => b.mul(sigmoid(b, x), b.scalar(100))],
  ])("%s has", (_, end) => {
    const answer = headOf(one(end), { kind: "yes-no" });
    expect(answer).toMatchObject({ kind: "yes-no", logits: "logit", probabilities: "sigmoid" });
    const labels = headOf(
      classifier((b, x) => [end(b, x)]),
      { kind: "labels" },
    );
    expect(labels).toMatchObject({ logits: "logits", probabilities: "sigmoid" });
  });

  test("of several outputs one is taken that can be of the kind", () => {
    const graph = classifier((b, x) => [softmax(b, x), b.op("Sigmoid", [x], {}, "each")]);
    expect(headOf(graph, { kind: "labels" }).output).toBe("each");
  });
});

describe("an output's name tells what nothing else does", () => {
  const outputOf = (name: string, units: number, end?: string) => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 4]);
    const numbers = b.op("Gemm", [x, b.constant(Array(4 * units).fill(1), [4, units])]);
    const ended = end === undefined ? numbers : b.op(end, [numbers]);
    b.output(b.op("Identity", [ended], {}, name));
    return headOf(b.build());
  };

  test.each(["embedding", "image_embeds", "imageEmbedding", "features", "feature_0", "descriptor"])(
    "%s: an embedding",
    (name) => {
      expect(outputOf(name, 32)).toMatchObject({
        kind: "embedding",
        isAssumed: true,
        because: "its name says so",
      });
    },
  );

  test.each(["logits", "featured", "membeds", "output"])("%s: no embedding", (name) => {
    expect(outputOf(name, 32).kind).toBe("classes");
  });

  test("a softmax, and few numbers, say more", () => {
    expect(outputOf("features", 32, "Softmax").kind).toBe("classes");
    expect(outputOf("embedding", 3).kind).toBe("classes");
  });

  test.each([
    ["anomaly_map", "value-map"],
    ["anomalyScore", "value-map"],
    ["mask", "map"],
  ])("a map of sigmoids called %s: %s", (name, kind) => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 3, 8, 8]);
    const numbers = b.op("Conv", [x, b.constant([1, 2, 3], [1, 3, 1, 1])]);
    b.output(b.op("Sigmoid", [numbers], {}, name));
    expect(headOf(b.build()).kind).toBe(kind);
  });
});
