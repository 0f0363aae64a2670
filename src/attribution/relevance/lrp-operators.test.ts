/** @file What LRP does at each kind of operator, by hand; and that a normalisation and its layer are one. */
import { libraryWords, wordsOf } from "../../wording/face.ts";
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { foldBatchNormalization } from "../../graph/fold-batch-normalization.ts";
import { GraphBuilder, type Value } from "../../graph/builder.ts";
import type { Graph } from "../../graph/graph.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { lrp, type LrpOptions } from "./lrp.ts";

const runtime = createReferenceRuntime();

/** Relevance of a picture [1, 1, 1, n] for the one unit that `body` makes of it, [1, 1]. */
async function relevanceOf(
  picture: readonly number[],
  body: (b: GraphBuilder, x: Value) => Value,
  options: Partial<LrpOptions> = {},
): Promise<number[]> {
  const b = new GraphBuilder();
  const dims = [1, 1, 1, picture.length];
  b.output(body(b, b.input("x", dims)));
  const kind = options.targets ? "yes-no" : "value";
  const model = new Model(b.build(), runtime, { kind });
  const given = { targets: [0], epsilon: 1e-9, ...options };
  const [map] = await lrp(model, tensorOf("float32", dims, picture), given);
  return Array.from(map!.data);
}

/** Each number times its weight as a layer of its own, [1, n]. */
function scaled(b: GraphBuilder, x: Value, weights: readonly number[]): Value {
  const size = weights.length;
  const matrix = weights.flatMap((weight, i) =>
    Array.from({ length: size }, (_, j) => (i === j ? weight : 0)),
  );
  return b.op("MatMul", [b.reshape(x, [1, size]), b.constant(matrix, [size, size])]);
}

const half = (b: GraphBuilder, value: Value, at: 0 | 1) =>
  b.slice(value, [2 * at], [2 * at + 2], [1]);
const total = (b: GraphBuilder, value: Value) => b.reduceSum(value, [1]);

describe("by hand", () => {
  test("a sum shares by contribution, whatever was folded into it", async () => {
    const relevance = await relevanceOf([1, 2, 3, 4], (b, x) => {
      const y = scaled(b, x, [1, 1, 2, 0.5]);
      return total(b, b.add(half(b, y, 0), half(b, y, 1)));
    });
    expect(relevance).toBeAllclose([1, 2, 6, 2], { atol: 1e-5 });
  });

  test("a difference shares by contribution: what is taken off speaks against", async () => {
    const relevance = await relevanceOf([1, 2, 3, 4], (b, x) => {
      const y = scaled(b, x, [1, 1, 1, 1]);
      return total(b, b.sub(half(b, y, 1), half(b, y, 0)));
    });
    expect(relevance).toBeAllclose([-1, -2, 3, 4], { atol: 1e-5 });
  });

  test("what is added behind a layer absorbs", async () => {
    const relevance = await relevanceOf([1, 3], (b, x) => {
      const shifted = b.add(scaled(b, x, [1, 1]), b.constant([1, -1], [2]));
      return total(b, b.mul(shifted, b.constant([4, 5], [2])));
    });
    // 4 (1 + 1) + 5 (3 - 1) = 18, of which the shifts have 4 - 5.
    expect(relevance).toBeAllclose([4, 15], { atol: 1e-5 });
  });

  test("a map is warned of if biases take nearly all", async () => {
    const b = new GraphBuilder();
    const y = scaled(b, b.input("x", [1, 1, 1, 2]), [1, 1]);
    b.output(total(b, b.add(y, b.scalar(500))));
    const picture = tensorOf("float32", [1, 1, 1, 2], [1, 3]);
    const [map] = await lrp(new Model(b.build(), runtime, { kind: "yes-no" }), picture, {
      targets: [1],
    });
    expect(map!.figures!["conserved"]).toBeCloseTo(4 / 1004, 6);
    expect(wordsOf(map!.warnings[0]!.message, libraryWords)).toContain(
      "biases took all but 0.4 % of what is explained",
    );
  });

  test("what is added before the first layer moves the picture and takes nothing", async () => {
    const relevance = await relevanceOf([1, 3], (b, x) => {
      const shifted = b.sub(b.scale(x, 2), b.constant([2, 1], [1, 1, 1, 2]));
      return total(b, scaled(b, b.add(shifted, b.scalar(3)), [1, 2]));
    });
    expect(relevance).toBeAllclose([3, 16], { atol: 1e-5 });
  });

  test.each(["LeakyRelu", "HardSwish", "Sigmoid", "Tanh", "Elu"])(
    "%s passes relevance",
    async (activation) => {
      const relevance = await relevanceOf([1, -2], (b, x) =>
        total(b, b.op(activation, [scaled(b, x, [1, 1])])),
      );
      const b = new GraphBuilder();
      b.output(b.op(activation, [b.input("x", [2])]));
      const session = await runtime.open(b.build());
      const [y] = Object.values(await session.run({ x: tensorOf("float32", [2], [1, -2]) }));
      expect(relevance).toBeAllclose(y!.data as Float32Array, { atol: 1e-5 });
    },
  );

  test.each(["LayerNormalization", "InstanceNormalization"])(
    "%s: the divisor is a gate, what is subtracted and scaled is linear, the bias absorbs",
    async (operator) => {
      const picture = [1, 2, -3, 6];
      const [mean, deviation] = [1.5, Math.sqrt((0.25 + 0.25 + 20.25 + 20.25) / 4 + 1e-5)];
      const isLayer = operator === "LayerNormalization";
      const scale = isLayer ? [1, 2, 3, -1] : [2, 2, 2, 2];
      const end = [1, -1, 2, 3];
      const relevance = await relevanceOf(picture, (b, x) => {
        const y = b.reshape(scaled(b, x, [1, 1, 1, 1]), [1, 1, 4]);
        const size = isLayer ? 4 : 1;
        const vectors = [
          b.constant(scale.slice(0, size), [size]),
          b.constant(Array(size).fill(0.5), [size]),
        ];
        return total(b, scaled(b, b.op(operator, [y, ...vectors]), end));
      });
      // y_j = sum over i of x_i (d_ij - 1/4) scale_j / deviation + bias, weighted by the layer behind
      const expected = picture.map((pixel, i) =>
        end.reduce((sum, weight, j) => {
          const part = (i === j ? 1 : 0) - 1 / 4;
          return sum + (pixel * part * scale[j]! * weight) / deviation;
        }, 0),
      );
      expect(picture.reduce((sum, pixel) => sum + pixel) / 4).toBe(mean);
      expect(relevance).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
    },
  );

  test("a maximum gives to its winner", async () => {
    const relevance = await relevanceOf([5, 2, 3, 4], (b, x) => {
      const y = b.reshape(scaled(b, x, [1, 1, 1, 1]), [1, 1, 1, 4]);
      const pooled = b.op("MaxPool", [y], { kernel_shape: [1, 2], strides: [1, 2] });
      return total(b, b.reshape(pooled, [1, 2]));
    });
    expect(relevance).toBeAllclose([5, 0, 0, 4], { atol: 1e-5 });
  });

  test("of a signal and its gate the signal takes all", async () => {
    const relevance = await relevanceOf([1, 2, 0, 0], (b, x) => {
      const y = scaled(b, x, [1, 1, 1, 1]);
      const gate = b.op("Sigmoid", [half(b, y, 1)]);
      return total(b, b.mul(b.reshape(gate, [1, 2]), half(b, y, 0)));
    });
    expect(relevance).toBeAllclose([0.5, 1, 0, 0], { atol: 1e-5 });
  });

  test("a smaller factor is a gate, and so is a divisor", async () => {
    const relevance = await relevanceOf([1, 2, 3, 5], (b, x) => {
      const y = scaled(b, x, [1, 1, 1, 1]);
      const gate = b.reduceSum(half(b, y, 1), [1]);
      return total(b, b.div(b.mul(half(b, y, 0), gate), gate));
    });
    expect(relevance).toBeAllclose([1, 2, 0, 0], { atol: 1e-5 });
  });

  test("a unit's side against it starts with minus its logit", async () => {
    const body = (b: GraphBuilder, x: Value) => total(b, scaled(b, x, [1, -3]));
    expect(await relevanceOf([1, 2], body, { targets: [1] })).toBeAllclose([1, -6], { atol: 1e-5 });
    expect(await relevanceOf([1, 2], body, { targets: [0] })).toBeAllclose([-1, 6], { atol: 1e-5 });
  });
});

describe("refused", () => {
  test.each([
    ["Mul of computed values", (b: GraphBuilder, y: Value) => b.mul(half(b, y, 0), half(b, y, 1))],
    [
      "MatMul of computed values",
      (b: GraphBuilder, y: Value) =>
        b.op("MatMul", [half(b, y, 0), b.transpose(half(b, y, 1), [1, 0])]),
    ],
    ["Exp", (b: GraphBuilder, y: Value) => b.op("Exp", [y])],
  ])("%s", async (what, body) => {
    const refusal = relevanceOf([1, 2, 3, 4], (b, x) =>
      total(b, body(b, scaled(b, x, [1, 1, 1, 1]))),
    );
    await expect(refusal).rejects.toMatchObject({ code: "unsupported-operator" });
    await expect(refusal).rejects.toThrow(`got ${what} ("`);
  });

  test.each([
    [{ rule: "delta" }, /^rule: the name must be one of epsilon, gamma, .*, got "delta"/],
    [{ first: "box" }, /^first: the name must be one of same, z-box, w-square, flat, got "box"/],
    [{ epsilon: 0 }, /^epsilon: it must be a positive number, got 0/],
    [{ gamma: Number.NaN }, /^gamma: it must be a positive number, got NaN/],
  ])("%j", async (options, message) => {
    const refusal = relevanceOf([1, 2], (b, x) => total(b, scaled(b, x, [1, 1])), options);
    await expect(refusal).rejects.toThrow(message);
  });
});

describe("batch normalisation", () => {
  const random = randomStream("folding");
  const normals = (count: number) =>
    Array.from({ length: count }, () => Math.fround(random.normal()));
  const [weights, dense] = [normals(3 * 2 * 9), normals(3 * 16 * 2)];
  const [scale, shift, mean] = [normals(3), normals(3), normals(3)];
  const variance = [0.5, 2, 1.5];
  const picture = tensorOf("float32", [1, 2, 6, 6], normals(72));

  /** With the normalisation as a node, or worked out into weights [3, 2, 3, 3] and biases. */
  function network(isNode: boolean, extraOutput = false): Graph {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 2, 6, 6]);
    const slopes = scale.map((factor, c) => factor / Math.sqrt(variance[c]! + 1e-3));
    const bent = isNode ? weights : weights.map((w, i) => w * slopes[Math.floor(i / 18)]!);
    const bias = isNode ? [1, 2, 3] : slopes.map((s, c) => (c + 1 - mean[c]!) * s + shift[c]!);
    const conv = b.op(
      "Conv",
      [x, b.constant(bent, [3, 2, 3, 3]), b.constant(bias, [3])],
      {},
      "conv",
    );
    const vectors = [scale, shift, mean, variance].map((list) => b.constant(list, [3]));
    const normal = isNode
      ? b.op("BatchNormalization", [conv, ...vectors], { epsilon: 1e-3 })
      : conv;
    const flat = b.op("Flatten", [b.op("Relu", [normal])]);
    b.output(b.op("MatMul", [flat, b.constant(dense, [48, 2])]));
    if (extraOutput) b.output(conv);
    return b.build();
  }

  test("behind a convolution is part of it, for every rule", async () => {
    for (const rule of ["epsilon-plus", "epsilon-gamma-box", "alpha-beta"]) {
      const options = { targets: [1], rule };
      const [folded] = await lrp(new Model(network(true), runtime), picture, options);
      const [joined] = await lrp(new Model(network(false), runtime), picture, options);
      expect(folded!.logit).toBeCloseTo(joined!.logit, 4);
      expect(folded!.data).toBeAllclose(joined!.data, { rtol: 1e-4, atol: 1e-5 });
    }
  });

  test("stays where its convolution's output is read elsewhere or asked for", () => {
    const operators = (graph: Graph) => graph.nodes.map(({ operator }) => operator);
    const all = ["Conv", "BatchNormalization", "Relu", "Flatten", "MatMul"];
    expect(operators(foldBatchNormalization(network(true), []))).toEqual(
      all.filter((operator) => operator !== "BatchNormalization"),
    );
    expect(operators(foldBatchNormalization(network(true), ["conv"]))).toEqual(all);
    expect(operators(foldBatchNormalization(network(true, true), []))).toEqual(all);
  });
});
