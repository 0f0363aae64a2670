/** @file The resampling family: rules against central differences, the interpreter against ONNX Runtime. */
import { afterAll, describe, expect, test } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.ts";
import { interpolationMatrix } from "../../src/autodiff/rules/interpolation.ts";
import { GraphBuilder } from "../../src/graph/builder.ts";
import { tensorOf, toNumbers } from "../../src/graph/tensor.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { oneNodeGraph, type Row } from "../reference/row.ts";
import { forwardRows, gradientRows } from "../reference/rows/resampling.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

const coordinateModes = [
  "half_pixel",
  "pytorch_half_pixel",
  "align_corners",
  "asymmetric",
  "half_pixel_symmetric",
] as const;
const nearestModes = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"] as const;
const largest = 24;

/** For each size up to `largest` which of `from` pixels ONNX Runtime reads at each place. */
async function pixelsRead(from: number, coordinates: string, nearest: string) {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 1, from]);
  const attributes = {
    mode: "nearest",
    coordinate_transformation_mode: coordinates,
    nearest_mode: nearest,
  };
  const outputs = Array.from({ length: largest }, (_, i) =>
    b.op("Resize", [x, null, null, b.ints([1, 1, 1, i + 1])], attributes),
  );
  for (const output of outputs) b.output(output);
  const numbered = tensorOf("float32", x.dims, [...Array(from).keys()]);
  const results = await runtime.run(b.build(), { x: numbered });
  return outputs.map((output) => toNumbers(results[output.name]!));
}

function pixelsOfRule(from: number, to: number, coordinates: string, nearest: string): number[] {
  const matrix = interpolationMatrix({
    from,
    to,
    scale: to / from,
    mode: "nearest",
    coordinates,
    nearest,
    cubicCoefficient: -0.75,
    excludeOutside: false,
    antialias: false,
    region: [0, 1],
  });
  return Array.from({ length: to }, (_, place) =>
    matrix.subarray(place * from, (place + 1) * from).indexOf(1),
  );
}

/* 14 -> 17 and the like put places halfway between pixels, where float32 and float64 part. */
describe(`nearest pixels of every size from 1 to ${largest} are ONNX Runtime's`, () => {
  const cases = coordinateModes.flatMap((coordinates) =>
    nearestModes.map((nearest) => [coordinates, nearest] as const),
  );
  test.each(cases)("%s, %s", async (coordinates, nearest) => {
    for (let from = 1; from <= largest; from++) {
      const read = await pixelsRead(from, coordinates, nearest);
      const expected = read.map((pixels, i) => ({ from, to: i + 1, pixels: [...pixels] }));
      const found = read.map((_, i) => {
        return { from, to: i + 1, pixels: pixelsOfRule(from, i + 1, coordinates, nearest) };
      });
      expect(found).toEqual(expected);
    }
  });
});

/** The operators that the gradient by the first input adds. */
function operatorsOf(operator: string, row: Row): string[] {
  const { graph } = oneNodeGraph(operator, row);
  const added = differentiate(graph, { of: "out0", wrt: ["in0"] }).graph.nodes;
  return added.slice(1).map((node) => node.operator);
}

describe("what the gradient of Resize costs", () => {
  const sizes = (values: readonly number[]) => ({ dims: [4], type: "int64", values }) as const;
  const seed = ["Expand"];
  test("a sum over the copies along each axis where pixels are repeated", () => {
    const row: Row = {
      inputs: [[1, 2, 3, 3], null, null, sizes([1, 2, 6, 9])],
      attributes: { coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" },
    };
    const repeated = ["Reshape", "ReduceSum", "Reshape", "ReduceSum"];
    expect(operatorsOf("Resize", row)).toEqual([...seed, ...repeated, "Identity"]);
  });
  test("one product with a matrix along each axis that changes", () => {
    const row: Row = {
      inputs: [[1, 2, 3, 3], null, null, sizes([1, 2, 6, 3])],
      attributes: { mode: "linear" },
    };
    expect(operatorsOf("Resize", row)).toEqual([...seed, "MatMul", "Identity"]);
  });
  test("nothing where no axis changes", () => {
    const row: Row = { inputs: [[1, 2, 3, 3], null, null, sizes([1, 2, 3, 3])] };
    expect(operatorsOf("Resize", row)).toEqual([...seed, "Identity"]);
  });
});

test("Resize refuses scales that depend on the input", () => {
  const row: Row = {
    inputs: [[1, 1, 2, 2], null, { dims: [4], values: [1, 1, 2, 2], constant: false }],
    attributes: { mode: "linear" },
  };
  const { graph } = oneNodeGraph("Resize", row);
  expect(() => differentiate(graph, { of: "out0", wrt: ["in0"] })).toThrow(
    'Resize "Resize" must have constant scales',
  );
});
