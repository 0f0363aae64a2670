import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { elementCount, tensorOf, toNumbers } from "../graph/tensor.ts";
import { createNodeRuntime } from "./onnxruntime-node.ts";
import { webGpuGraph } from "./webgpu-graph.ts";

const runtime = createNodeRuntime({ threads: 1 });

/** What both graphs give for 1, 2, 3, ... */
async function results(graph: Graph, adapted: Graph) {
  const dims = graph.inputs[0]!.dims as readonly number[];
  const numbers = Array.from({ length: elementCount(dims) }, (_, i) => i + 1);
  const feeds = { x: tensorOf("float32", dims, numbers) };
  const [was, is] = await Promise.all([graph, adapted].map((one) => runtime.run(one, feeds)));
  const told = graph.outputs.map(({ name }) => [was![name]!, is![name]!] as const);
  return { was: told.map(([a]) => a), is: told.map(([, b]) => b) };
}

function graphOf(dims: readonly number[], body: (b: GraphBuilder, x: Value) => Value): Graph {
  const b = new GraphBuilder();
  b.output(body(b, b.input("x", dims)));
  return b.build();
}

test("weights in half precision are widened before the card sees them", async () => {
  const half = { type: "float16", dims: [2], data: Uint16Array.of(0x3c00, 0xc100) } as const;
  const graph = graphOf([2], (b, x) =>
    b.mul(x, b.op("Cast", [b.initializer("w", half)], { to: 1 })),
  );
  const adapted = webGpuGraph(graph);
  expect(adapted.nodes.map(({ operator }) => operator)).toEqual(["Identity", "Mul"]);
  const { was, is } = await results(graph, adapted);
  expect(is.map(toNumbers)).toEqual([[1, -5]]);
  expect(was.map(toNumbers)).toEqual([[1, -5]]);
});

describe("slices backwards", () => {
  test("start at the last element, and give the same", async () => {
    const place = fc.oneof(fc.integer({ min: -7, max: 9 }), fc.constantFrom(2 ** 31, -(2 ** 31)));
    const cuts = fc.record({
      starts: fc.tuple(place, place),
      ends: fc.tuple(place, place),
      steps: fc.tuple(fc.constantFrom(-3, -2, -1, 1, 2), fc.constantFrom(-2, -1, 1)),
    });
    await fc.assert(
      fc.asyncProperty(cuts, async ({ starts, ends, steps }) => {
        const graph = graphOf([7, 8], (b, x) =>
          b.op("Slice", [x, b.ints(starts), b.ints(ends), b.ints([0, 1]), b.ints(steps)]),
        );
        const adapted = webGpuGraph(graph);
        const { was, is } = await results(graph, adapted);
        expect(is).toEqual(was);
        for (const { inputs } of adapted.nodes) {
          const [first, , , by] = inputs
            .slice(1)
            .map((name) => toNumbers(adapted.initializers.get(name)!));
          for (const [i, step] of by!.entries())
            if (step < 0) expect(first![i] === -1 || first![i]! >= 2 ** 31 - 1).toBe(true);
        }
      }),
      { numRuns: 80 },
    );
  });

  test("on an input of unknown size are refused, unless they start at the last element", () => {
    const from = (start: number): Graph => {
      const steps = graphOf([3], (b, x) =>
        b.op("Slice", [x, b.ints([start]), b.ints([0]), b.ints([0]), b.ints([-1])]),
      );
      return { ...steps, inputs: [{ ...steps.inputs[0]!, dims: undefined }], shapes: new Map() };
    };
    expect(() => webGpuGraph(from(1))).toThrow(
      /size of a Slice backwards have to be known, got "Slice.*use "wasm"/,
    );
    const last = from(-1);
    expect(webGpuGraph(last)).toBe(last);
  });
});

test.each(["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceSumSquare"])(
  "%s over no axis is done to each number",
  async (operator) => {
    const reduced = (x: Value, b: GraphBuilder, axes: readonly number[]) =>
      b.op(operator, [x, b.ints(axes)], { noop_with_empty_axes: 1 });
    const graph = graphOf([2, 3], (b, x) => reduced(x, b, []));
    const adapted = webGpuGraph(graph);
    expect(adapted.nodes.map((node) => node.operator)).not.toContain(operator);
    const { was, is } = await results(graph, adapted);
    expect(is).toEqual(was);
    const other = graphOf([2, 3], (b, x) => reduced(x, b, [1]));
    expect(webGpuGraph(other)).toBe(other);
  },
);

test("a normalisation that tells its deviation alone gets a name for its mean", async () => {
  const base = graphOf([2, 3], (b, x) =>
    b.op("LayerNormalization", [x, b.constant([1, 2, 3], [3])]),
  );
  const [node] = base.nodes;
  const [output] = base.outputs;
  const graph: Graph = {
    ...base,
    nodes: [{ ...node!, outputs: [node!.outputs[0]!, "", "deviation"] }],
    outputs: [output!, { name: "deviation", type: "float32", dims: [2, 1] }],
  };
  const adapted = webGpuGraph(graph);
  expect(adapted.nodes[0]!.outputs[1]).not.toBe("");
  const { was, is } = await results(graph, adapted);
  expect(is).toEqual(was);
});

test("linear scaling of the channels' axis is refused, of the other axes not", () => {
  const scaled = (scales: readonly number[], mode: string) =>
    graphOf([1, 3, 4, 2], (b, x) => b.op("Resize", [x, null, b.constant(scales, [4])], { mode }));
  expect(() => webGpuGraph(scaled([1, 2, 2, 1], "linear"))).toThrow(
    /a linear Resize has to leave axis 1 as it is/,
  );
  for (const graph of [scaled([1, 1, 2, 2], "linear"), scaled([1, 2, 2, 1], "nearest")])
    expect(webGpuGraph(graph)).toBe(graph);
});

test("sums over sizes that are widened are refused, others not", () => {
  const sum = (equation: string, dims: readonly number[]) =>
    graphOf([2, 3], (b, x) => {
      const ones = b.constant(Array<number>(elementCount(dims)).fill(1), dims);
      return b.op("Einsum", [x, ones], { equation });
    });
  expect(() => webGpuGraph(sum("ij,kj->ik", [1, 1]))).toThrow(
    /an Einsum has to have one size for each letter/,
  );
  const right = sum("ij,kj->ik", [4, 3]);
  expect(webGpuGraph(right)).toBe(right);
});
