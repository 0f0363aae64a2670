/** @file The movement family: rules against central differences, the interpreter against ONNX Runtime. */
import { expect, test } from "vitest";
import { backpropagate, differentiate } from "../../src/autodiff/differentiate.ts";
import { GraphBuilder, type AttributeInputs, type Value } from "../../src/graph/builder.ts";
import { tensorOf, toNumbers } from "../../src/graph/tensor.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { gradientsOf } from "../reference/gradient-of.ts";
import { oneNodeGraph } from "../reference/row.ts";
import { indices, ints } from "../reference/rows/integers.ts";
import { forwardRows, gradientRows } from "../reference/rows/movement.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

test.each([true, false])("what was read twice gets both gradients (constant: %s)", (constant) => {
  const read = indices([4], [2, 0, 2, 2], constant);
  expect(gradientsOf("Gather", { inputs: [[3], read] })).toEqual([[1, 0, 3]]);
  expect(gradientsOf("GatherElements", { inputs: [[3], read] })).toEqual([[1, 0, 3]]);
  const tuples = indices([4, 1], [2, 0, 2, -1], constant);
  expect(gradientsOf("GatherND", { inputs: [[3], tuples] })).toEqual([[1, 0, 3]]);
});

test("a few places of a very long axis take no constant of its length", async () => {
  const length = 2 ** 22;
  const b = new GraphBuilder();
  const x = b.input("x", [length]);
  b.output(b.op("GatherND", [x, b.constant([5, -1, 5], [3, 1], "int64")], {}, "y"));
  const { graph, gradients } = differentiate(b.build(), { of: "y", wrt: ["x"] });
  const sizes = Array.from(graph.initializers.values(), ({ data }) => data.length);
  expect(Math.max(...sizes)).toBeLessThan(10);
  const runtime = createNodeRuntime({ threads: 1 });
  const feeds = { x: tensorOf("float32", [length], new Float32Array(length)) };
  const results = await runtime.run(graph, feeds);
  await runtime.release();
  const gradient = results[gradients.get("x")!]!.data as Float32Array;
  expect([gradient[5], gradient[length - 1]]).toEqual([2, 1]);
  expect(gradient.reduce((sum, value) => sum + value, 0)).toBe(3);
});

test("what is overwritten gets no gradient", () => {
  const row = { inputs: [[3], indices([2], [0, 2]), [2]] };
  expect(gradientsOf("ScatterElements", row)).toEqual([
    [0, 1, 0],
    [1, 1],
  ]);
});

test("equal largest elements share the gradient", () => {
  const row = {
    inputs: [
      { dims: [3], values: [5, 1, 4] },
      indices([4], [0, 0, 1, 2]),
      { dims: [4], values: [5, 5, 7, 3] },
    ],
    attributes: { reduction: "max" },
  };
  const [dx, dupdates] = gradientsOf("ScatterElements", row);
  expect(dx).toEqual([1 / 3, 0, 1]);
  expect(dupdates).toEqual([1 / 3, 1 / 3, 1, 0]);
});

test("no addition to the same place is lost on several threads", async () => {
  const [count, width] = [20_000, 16];
  const b = new GraphBuilder();
  const x = b.input("x", [4, width]);
  const places = b.input("places", [count], "int64");
  const y = b.op("Gather", [x, places], {}, "y");
  const result = differentiate({ ...b.build(), outputs: [] }, { of: y.name, wrt: [x.name] });
  const runtime = createNodeRuntime({ threads: 4 });
  const session = await runtime.open(result.graph);
  const feeds = {
    x: tensorOf("float32", [4, width], new Float32Array(4 * width)),
    places: tensorOf("int64", [count], new Float32Array(count)),
  };
  for (let run = 0; run < 5; run++) {
    const outputs = await session.run(feeds);
    const gradient = toNumbers(outputs[result.gradients.get("x")!]!);
    expect(gradient.slice(0, width)).toEqual(Array(width).fill(count));
  }
  await session.release();
  await runtime.release();
});

test.each([
  [
    "Concat",
    [
      [2, 3],
      [2, 1],
    ],
    { axis: 1 },
    1,
  ],
  ["DepthToSpace", [[1, 4, 2, 1]], { blocksize: 2 }, 1],
  ["Expand", [[2, 1], ints(2, 3)], {}, 1],
  ["Gather", [[3, 2], indices([3], [2, 2, 0])], {}, 1],
  ["GatherElements", [[3, 2], indices([1, 2], [2, 0])], {}, 1],
  ["GatherND", [[3, 2], indices([2, 1], [2, 2])], {}, 1],
  ["Pad", [[2, 3], ints(1, 1, 0, 1)], { mode: "reflect" }, 1],
  ["Pad", [[2, 3], ints(1, -1, 0, 1)], {}, 1],
  ["ScatterElements", [[3, 2], indices([1, 2], [2, 0]), [1, 2]], {}, 1],
  ["ScatterElements", [[3, 2], indices([1, 2], [2, 0]), [1, 2]], { reduction: "max" }, 1],
  ["ScatterND", [[3, 2], indices([1, 1], [2]), [1, 2]], { reduction: "mul" }, 1],
  ["Slice", [[4, 3], ints(3), ints(0), ints(0), ints(-2)], {}, 1],
  ["Split", [[4, 2], ints(1, 1, 2)], {}, 3],
  ["Tile", [[2, 2], ints(2, 1)], {}, 1],
] as const)("%s of whole numbers has a float gradient", (operator, inputs, attributes, outputs) => {
  const { graph } = oneNodeGraph(operator, {
    inputs: inputs.map((input) =>
      "dims" in input ? input : { dims: input, type: "int8" as const, constant: false },
    ),
    attributes,
    outputs,
  });
  const b = new GraphBuilder(graph);
  const scale = b.scalar(0.5);
  const y = b.op("DequantizeLinear", [b.value("out0"), scale]);
  const [gradient] = backpropagate(b, { of: y, wrt: [b.value("in0")] });
  expect(gradient).toMatchObject({ type: "float32", dims: b.value("in0").dims });
});

test("indices that depend on the input are refused where a gradient needs their numbers", () => {
  const row = { inputs: [[3], { ...ints(1), constant: false }, ints(3)] };
  expect(() => gradientsOf("Slice", row)).toThrow(/Slice "Slice" must have constant starts/);
});

/** The operators that the gradient of one node takes, the seed's and the result's own left out. */
function emitted(
  operator: string,
  x: readonly number[],
  others: (b: GraphBuilder) => readonly Value[],
  attributes: AttributeInputs = {},
): string[] {
  const b = new GraphBuilder();
  const input = b.input("x", x);
  const y = b.op(operator, [input, ...others(b)], attributes, "y");
  const seed = b.input("seed", y.dims);
  const { graph } = differentiate(b.build(), { of: y.name, seed: seed.name, wrt: ["x"] });
  return graph.nodes.slice(1, -1).map((node) => node.operator);
}

test("gradients of reading a stretch are one Pad", () => {
  const slice = emitted("Slice", [4, 6], (b) => [b.ints([2]), b.ints([5]), b.ints([1])]);
  expect(slice).toEqual(["Pad"]);
  expect(emitted("Gather", [6, 4], (b) => [b.ints([1, 2, 3])])).toEqual(["Pad"]);
  const one = emitted("Gather", [3, 2, 4], (b) => [b.constant([1], [], "int64")]);
  expect(one).toEqual(["Reshape", "Pad"]);
});

test("gradients of padding are one Slice", () => {
  expect(emitted("Pad", [1, 3, 4, 4], (b) => [b.ints([0, 0, 1, 1, 0, 0, 1, 1])])).toEqual([
    "Slice",
  ]);
});

test("gradients of a permutation by indices are one Gather", () => {
  expect(emitted("Gather", [4, 2], (b) => [b.ints([3, 1, 0, 2])])).toEqual(["Gather"]);
});

test("gradients of a transpose are one Transpose, of a tile of size 1 nothing", () => {
  expect(emitted("Transpose", [2, 3, 4], () => [], { perm: [2, 0, 1] })).toEqual(["Transpose"]);
  expect(emitted("Tile", [2, 3], (b) => [b.ints([1, 1])])).toEqual([]);
});
