/** @file Losses and their gradients against their definitions in float64. */
import { describe, expect, test } from "vitest";
import { backpropagate } from "../autodiff/differentiate.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensor, toNumbers } from "../graph/tensor.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { binaryCrossEntropy, crossEntropy, lossOf, meanSquaredError, type Loss } from "./losses.ts";

const runtime = createNodeRuntime({ threads: 1 });

/** Loss of each row, and the gradient of their sum, as the graph has them. */
async function graphLoss(
  loss: Loss,
  rows: readonly (readonly number[])[],
  labels: readonly number[],
) {
  const b = new GraphBuilder();
  const dims = [rows.length, rows[0]!.length];
  const logits = b.input("logits", dims);
  const each = loss.build(b, logits, b.input("labels", [rows.length], "int32"));
  const [gradient] = backpropagate(b, { of: each, wrt: [logits] });
  b.output(each);
  b.output(gradient!);
  const results = await runtime.run(b.build(), {
    logits: tensor("float32", dims, Float32Array.from(rows.flat())),
    labels: tensor("int32", [rows.length], Int32Array.from(labels)),
  });
  expect(results[each.name]!.dims).toEqual([rows.length]);
  return { losses: toNumbers(results[each.name]!), gradient: toNumbers(results[gradient!.name]!) };
}

function softmax(z: readonly number[]): number[] {
  const largest = Math.max(...z);
  const powers = z.map((value) => Math.exp(value - largest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

const rows = [
  [0.3, -1.2, 2.5],
  [4, 4, -3],
  [-0.5, 0, 0.25],
];
const labels = [2, 0, 1];

describe("cross-entropy", () => {
  test.each([0, 0.1, 0.6])("with labels smoothed by %s", async (labelSmoothing) => {
    const target = (label: number, c: number) =>
      labelSmoothing / 3 + (c === label ? 1 - labelSmoothing : 0);
    const found = await graphLoss(crossEntropy({ labelSmoothing }), rows, labels);
    const p = rows.map(softmax);
    expect(found.losses).toBeAllclose(
      p.map((row, i) => -row.reduce((s, x, c) => s + target(labels[i]!, c) * Math.log(x), 0)),
    );
    expect(found.gradient).toBeAllclose(
      p.flatMap((row, i) => row.map((x, c) => x - target(labels[i]!, c))),
    );
  });

  test("of very large logits is finite", async () => {
    const far = [
      [1e4, -1e4, 0],
      [1e30, -1e30, 0],
    ];
    const found = await graphLoss(crossEntropy(), far, [1, 0]);
    expect(found.losses).toBeAllclose([2e4, 0]);
    expect(found.gradient).toBeAllclose([1, -1, 0, 0, 0, 0]);
  });

  test("needs classes", async () => {
    await expect(graphLoss(crossEntropy(), [[1]], [0])).rejects.toThrow(
      "cross-entropy: the network must have two classes or more, got one unit. use binary-cross-entropy.",
    );
  });
});

describe("binary cross-entropy", () => {
  const units = [[0.7], [-2], [3], [0]];
  const classes = [1, 0, 0, 1];
  test.each([0, 0.2])("with labels smoothed by %s", async (labelSmoothing) => {
    const targets = classes.map((label) => label * (1 - labelSmoothing) + labelSmoothing / 2);
    const found = await graphLoss(binaryCrossEntropy({ labelSmoothing }), units, classes);
    const p = units.map(([z]) => sigmoid(z!));
    expect(found.losses).toBeAllclose(
      p.map((x, i) => -targets[i]! * Math.log(x) - (1 - targets[i]!) * Math.log(1 - x)),
    );
    expect(found.gradient).toBeAllclose(p.map((x, i) => x - targets[i]!));
  });

  test("of very large logits is finite", async () => {
    const found = await graphLoss(binaryCrossEntropy(), [[1e4], [-1e4], [1e4]], [0, 1, 1]);
    expect(found.losses).toBeAllclose([1e4, 1e4, 0]);
    expect(found.gradient).toBeAllclose([1, -1, 0]);
  });

  test("needs one unit", async () => {
    await expect(graphLoss(binaryCrossEntropy(), rows, labels)).rejects.toThrow(
      "binary-cross-entropy: the network must end in one unit, got 3. use cross-entropy.",
    );
  });
});

describe("mean squared error", () => {
  test("of classes", async () => {
    const found = await graphLoss(meanSquaredError(), rows, labels);
    const squares = (row: readonly number[], label: number) => {
      const p = softmax(row);
      return p.reduce((s, x, c) => s + (x - (c === label ? 1 : 0)) ** 2, 0) / 3;
    };
    expect(found.losses).toBeAllclose(rows.map((row, i) => squares(row, labels[i]!)));
    const slopes = rows.flatMap((row, i) =>
      row.map((_, c) => {
        const moved = (by: number) => row.map((z, k) => (k === c ? z + by : z));
        return (squares(moved(1e-5), labels[i]!) - squares(moved(-1e-5), labels[i]!)) / 2e-5;
      }),
    );
    expect(found.gradient).toBeAllclose(slopes, { rtol: 1e-4 });
  });

  test("of one unit", async () => {
    const found = await graphLoss(meanSquaredError(), [[0.7], [-2]], [1, 0]);
    const p = [sigmoid(0.7), sigmoid(-2)] as const;
    expect(found.losses).toBeAllclose([(p[0] - 1) ** 2, p[1] ** 2]);
    const slope = (x: number, y: number) => 2 * (x - y) * x * (1 - x);
    expect(found.gradient).toBeAllclose([slope(p[0], 1), slope(p[1], 0)]);
  });
});

test("the loss of a network is that of its activation", () => {
  expect(lossOf({ activation: "softmax" }).name).toBe("cross-entropy");
  expect(lossOf({ activation: "sigmoid" }).name).toBe("binary-cross-entropy");
});

test.each([-0.1, 1, Number.NaN])("labels cannot be smoothed by %s", (labelSmoothing) => {
  expect(() => crossEntropy({ labelSmoothing })).toThrow(
    `crossEntropy: labelSmoothing must be at least 0 and below 1, got ${labelSmoothing}.`,
  );
});
