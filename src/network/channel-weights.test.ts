/** @file What channels read and who reads them: kernels by hand, groups, dense layers, branches that are joined. */
import { describe, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { weightsAfter, weightsBefore } from "./channel-weights.ts";

/** Conv 2 to 3 (1 x 2 kernels 1, 2, 3, ...), relu `a`; pool; Concat behind one channel of its own; Conv 4 to 1; Gemm. */
function network() {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, 4, 4]);
  const first = b.op("Conv", [
    x,
    b.constant(
      Array.from({ length: 12 }, (_, i) => i + 1),
      [3, 2, 1, 2],
    ),
  ]);
  const a = b.op("Relu", [first], {}, "a");
  const pooled = b.op("MaxPool", [a], { kernel_shape: [1, 1] });
  const own = b.op("Conv", [x, b.constant([1, 1, 1, 1], [1, 2, 1, 2])], {}, "own");
  const joined = b.op("Concat", [own, pooled], { axis: 1 });
  const last = b.op("Conv", [joined, b.constant([9, -5, 3, 1], [1, 4, 1, 1])], {}, "last");
  b.output(last);
  return b.build();
}

describe("before", () => {
  test("kernels of each channel that is read, the largest first, through the activation function", () => {
    const found = weightsBefore(network(), "a", 1, 8);
    expect(found.map(({ layer, channel, kernel }) => [layer, channel, [...kernel]])).toEqual([
      ["x", 1, [7, 8]],
      ["x", 0, [5, 6]],
    ]);
    expect(found[0]).toMatchObject({ height: 1, width: 2, size: Math.hypot(7, 8) });
  });

  test("groups read their own channels alone", () => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 4, 2, 2]);
    b.output(b.op("Conv", [x, b.constant([1, 2, 3, 4], [4, 1, 1, 1])], { group: 4 }, "y"));
    expect(weightsBefore(b.build(), "y", 2, 8)).toMatchObject([
      { layer: "x", channel: 2, size: 3 },
    ]);
  });

  test.each([
    ["as they stand", { transB: 0 }, [1, 2, 3, 4, 5, 6], [2, 3]],
    ["turned", { transB: 1 }, [1, 4, 2, 5, 3, 6], [3, 2]],
  ])("dense weights %s", (_, attributes, numbers, dims) => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 2]);
    b.output(b.op("Gemm", [x, b.constant(numbers, dims)], attributes, "y"));
    const found = weightsBefore(b.build(), "y", 2, 8);
    expect(found.map(({ channel, size }) => [channel, size])).toEqual([
      [1, 6],
      [0, 3],
    ]);
  });

  test("nothing where what gives a layer has no weights", () => {
    expect(weightsBefore(network(), "x", 0, 8)).toEqual([]);
  });
});

test("after: who reads a channel, counted behind what it is joined to", () => {
  const graph = network();
  const shapes = new Map(graph.shapes);
  const found = weightsAfter({ ...graph, shapes }, "a", 0, 8);
  expect(found.map(({ layer, channel, kernel }) => [layer, channel, [...kernel]])).toEqual([
    ["last", 0, [-5]],
  ]);
});
