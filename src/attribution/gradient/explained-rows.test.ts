import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { guidedBackpropagation } from "../../autodiff/overrides.ts";
import { GraphBuilder, type Value } from "../../graph/builder.ts";
import type { Graph } from "../../graph/graph.ts";
import { tensorOf, type Tensor } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { explainRows } from "./explained-rows.ts";

/** Dense weights over [N, 1, 1, 2], one row a class: the gradient of a logit is its row. */
function linear(
  rows: readonly (readonly number[])[],
  end: (b: GraphBuilder, logits: Value) => Value = (_, logits) => logits,
  batch?: number,
): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [batch ?? 1, 1, 1, 2], "float32", [batch ?? "N", 1, 1, 2]);
  const flat = b.op("Flatten", [x]);
  const w = b.constant(rows.flat(), [rows.length, 2]);
  b.output(end(b, b.op("Gemm", [flat, w], { transB: 1 }, "logits")));
  return { ...b.build(), shapes: new Map() };
}

const three = [
  [1, 2],
  [3, 5],
  [-1, 0.5],
];
const runtime = createReferenceRuntime();

function pictures(...rows: readonly (readonly number[])[]): Tensor {
  return tensorOf("float32", [rows.length, 1, 1, 2], rows.flat());
}

async function gradients(model: Model, input: Tensor, targets: readonly number[] | "top") {
  const rows = await explainRows(model, input, { targets, values: ["x"] });
  return rows.map((row) => ({ ...row, gradient: Array.from(row.gradients[0]!) }));
}

describe("explainRows", () => {
  test("a class for each picture", async () => {
    const model = new Model(linear(three), runtime);
    const rows = await gradients(model, pictures([1, 0], [0, 1]), [2, 0]);
    expect(rows.map((row) => row.gradient)).toEqual([three[2], three[0]]);
    expect(rows.map((row) => row.logit)).toEqual([-1, 2]);
    expect(rows[0]!.dims).toEqual([[1, 1, 2]]);
  });

  test("the class that each picture's network prefers", async () => {
    const model = new Model(linear(three), runtime);
    const rows = await gradients(model, pictures([1, 1], [-1, -1]), "top");
    expect(rows.map((row) => row.target)).toEqual([1, 2]);
    expect(rows.map((row) => row.gradient)).toEqual([three[1], three[2]]);
  });

  test("rows of a fixed batch are filled up and left out again", async () => {
    const model = new Model(linear(three, undefined, 2), runtime);
    const rows = await gradients(model, pictures([1, 0], [0, 1], [1, 1]), [0, 1, 2]);
    expect(rows.map((row) => row.gradient)).toEqual(three);
    expect(rows.map((row) => row.logit)).toEqual([1, 5, -0.5]);
  });

  test("many pictures go through in batches of one size", async () => {
    const model = new Model(linear(three), runtime);
    const many = Array.from({ length: 37 }, (_, i) => [i, 1]);
    const rows = await gradients(model, pictures(...many), [0]);
    expect(rows.map((row) => row.logit)).toEqual(many.map(([x]) => x! + 2));
  });

  test("both sides of one unit", async () => {
    const model = new Model(
      linear([[3, 5]], (b, x) => b.op("Sigmoid", [x])),
      runtime,
    );
    const [against, towards, top] = await gradients(
      model,
      pictures([1, -1], [1, -1], [1, -1]),
      [0, 1, 0],
    );
    expect([against!.gradient, towards!.gradient]).toEqual([
      [-3, -5],
      [3, 5],
    ]);
    expect([against!.logit, towards!.logit]).toEqual([2, -2]);
    expect(against!.probability! + towards!.probability!).toBeCloseTo(1, 12);
    expect(top!.target).toBe(0);
    const preferred = await gradients(model, pictures([1, -1], [1, 1]), "top");
    expect(preferred.map((row) => row.gradient)).toEqual([
      [-3, -5],
      [3, 5],
    ]);
  });

  test("a kept softmax is what is differentiated; logit and probability stay what they are", async () => {
    const graph = linear(
      [
        [0, 0],
        [1, 2],
      ],
      (b, x) => b.op("Softmax", [x], { axis: -1 }, "p"),
    );
    const model = new Model(graph, runtime, { keepActivation: true });
    const [row] = await gradients(model, pictures([1, 1]), [1]);
    const p = 1 / (1 + Math.exp(-3));
    expect(row!.logit).toBe(3);
    expect(row!.probability).toBeCloseTo(p, 6);
    expect(row!.gradient).toBeAllclose([p * (1 - p), 2 * p * (1 - p)]);
  });

  test("a kept sigmoid of one unit prefers the side of its logit", async () => {
    const graph = linear([[3, 5]], (b, x) => b.op("Sigmoid", [x]));
    const model = new Model(graph, runtime, { keepActivation: true });
    const [row] = await gradients(model, pictures([-1, 0.2]), "top");
    const p = 1 / (1 + Math.exp(2));
    expect(row).toMatchObject({ target: 0, logit: 2 });
    expect(row!.gradient).toBeAllclose([-3 * p * (1 - p), -5 * p * (1 - p)]);
  });

  test("pictures that the network does not take are refused", async () => {
    const model = new Model(linear(three), runtime);
    const wide = tensorOf("float32", [1, 1, 1, 3], [1, 2, 3]);
    await expect(gradients(model, wide, [0])).rejects.toThrow(/got \[1, 1, 1, 3\]/);
  });

  test("a signal that was given stops the run", async () => {
    const model = new Model(linear(three), runtime);
    const request = { targets: [0], values: ["x"], signal: { aborted: true } };
    await expect(explainRows(model, pictures([1, 1]), request)).rejects.toThrow(/stopped/);
  });
});

test("one session explains other pictures and classes; other rules get their own", async () => {
  const node = createNodeRuntime();
  const graphs = new Set<Graph>();
  const counting = {
    ...node,
    run: (graph: Graph, ...rest: [Readonly<Record<string, Tensor>>]) => {
      graphs.add(graph);
      return node.run(graph, ...rest);
    },
  };
  const model = new Model(linear(three), counting);
  await gradients(model, pictures([1, 0]), [0]);
  await gradients(model, pictures([0, 1]), [2]);
  await gradients(model, pictures([0, 1]), "top");
  expect(graphs.size).toBe(1);
  const rules = guidedBackpropagation;
  await explainRows(model, pictures([1, 1]), { targets: [0], values: ["x"], rules });
  expect(graphs.size).toBe(2);
  await node.release();
});
