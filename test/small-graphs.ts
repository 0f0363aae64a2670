/** @file Small graphs with results worked out by hand, run on every runtime in Node and in the browser. */
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensor, tensorOf, type Tensor } from "../src/graph/tensor.ts";

export interface SmallGraph {
  readonly name: string;
  /** Its first output is compared. */
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly expected: Tensor;
}

function smallGraph(
  name: string,
  feeds: Readonly<Record<string, Tensor>>,
  expected: Tensor,
  body: (b: GraphBuilder, inputs: readonly Value[]) => Value,
): SmallGraph {
  const b = new GraphBuilder();
  const inputs = Object.entries(feeds).map(([input, { type, dims }]) => b.input(input, dims, type));
  b.output(body(b, inputs));
  return { name, graph: b.build(), feeds, expected };
}

function floats(dims: readonly number[], values: readonly number[]): Tensor {
  return tensorOf("float32", dims, values);
}

/** 1, 2, 3, ... */
function counted(dims: readonly number[]): Tensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return floats(
    dims,
    Array.from({ length: count }, (_, i) => i + 1),
  );
}

const largeRows = 160;

export const smallGraphs: readonly SmallGraph[] = [
  smallGraph("Relu", { x: floats([4], [-2, -0, 0.5, 3]) }, floats([4], [0, 0, 0.5, 3]), (b, [x]) =>
    b.op("Relu", [x!]),
  ),
  smallGraph(
    "Conv to two channels, padded, stride 2",
    { x: counted([1, 1, 3, 3]) },
    // 1; 2 + 3; 4 + 7; 5 + 6 + 8 + 9; and their doubles.
    floats([1, 2, 2, 2], [1, 5, 11, 28, 2, 10, 22, 56]),
    (b, [x]) =>
      b.op("Conv", [x!, b.constant([1, 1, 1, 1, 2, 2, 2, 2], [2, 1, 2, 2])], {
        pads: [1, 1, 0, 0],
        strides: [2, 2],
      }),
  ),
  smallGraph(
    "ConvTranspose",
    { x: counted([1, 1, 2, 2]) },
    floats([1, 1, 3, 3], [1, 3, 2, 4, 10, 6, 3, 7, 4]),
    (b, [x]) => b.op("ConvTranspose", [x!, b.constant([1, 1, 1, 1], [1, 1, 2, 2])]),
  ),
  smallGraph(
    "MatMul of two feeds",
    { x: counted([2, 3]), y: counted([3, 2]) },
    floats([2, 2], [22, 28, 49, 64]),
    (b, [x, y]) => b.op("MatMul", [x!, y!]),
  ),
  smallGraph(
    "Where",
    { condition: tensorOf("bool", [3], [1, 0, 1]), x: counted([3]) },
    floats([3], [1, -1, 3]),
    (b, [condition, x]) => b.where(condition!, x!, b.scalar(-1)),
  ),
  smallGraph(
    "MaxPool of a map with zeros around it",
    { x: floats([1, 1, 2, 2], [-1, -2, -3, -4]) },
    floats([1, 1, 3, 3], [0, 0, 0, 0, -1, 0, 0, 0, 0]),
    (b, [x]) => {
      const padded = b.op("Pad", [x!, b.ints([0, 0, 1, 1, 0, 0, 1, 1])]);
      return b.op("MaxPool", [padded], { kernel_shape: [2, 2] });
    },
  ),
  smallGraph(
    "AveragePool of a map with more zeros around it than it covers",
    { x: floats([1, 1, 1, 2], [2, 4]) },
    floats([1, 1, 1, 5], [0, 1, 3, 2, 0]),
    (b, [x]) => {
      const padded = b.op("Pad", [x!, b.ints([0, 0, 0, 2, 0, 0, 0, 2])]);
      return b.op("AveragePool", [padded], { kernel_shape: [1, 2] });
    },
  ),
  smallGraph(
    "MaxPool",
    { x: counted([1, 1, 4, 4]) },
    floats([1, 1, 2, 2], [6, 8, 14, 16]),
    (b, [x]) => b.op("MaxPool", [x!], { kernel_shape: [2, 2], strides: [2, 2] }),
  ),
  smallGraph(
    "Softmax",
    { x: floats([1, 2], [0, Math.log(3)]) },
    floats([1, 2], [0.25, 0.75]),
    (b, [x]) => b.op("Softmax", [x!], { axis: -1 }),
  ),
  smallGraph(
    "Gather by int64 indices",
    { x: counted([3, 2]), i: tensorOf("int64", [2], [2, 0]) },
    floats([2, 2], [5, 6, 1, 2]),
    (b, [x, i]) => b.op("Gather", [x!, i!], { axis: 0 }),
  ),
  smallGraph(
    "int64 arithmetic",
    { x: tensorOf("int64", [2], [2 ** 40, -1]) },
    tensorOf("int64", [2], [2 ** 41, -2]),
    (b, [x]) => b.add(x!, x!),
  ),
  smallGraph(
    "float16 in and out, as bits",
    { x: tensor("float16", [3], Uint16Array.of(0x3c00, 0xbc00, 0x4000)) },
    tensor("float16", [3], Uint16Array.of(0x3c00, 0, 0x4000)),
    (b, [x]) => b.op("Relu", [x!]),
  ),
  smallGraph("no elements", { x: floats([0, 3], []) }, floats([0, 3], []), (b, [x]) =>
    b.op("Relu", [x!]),
  ),
  smallGraph(
    "weights that are handed over where they lie",
    { x: floats([1, largeRows], Array<number>(largeRows).fill(1)) },
    floats([1, largeRows], Array<number>(largeRows).fill(largeRows)),
    (b, [x]) => {
      const ones = new Float32Array(largeRows * largeRows).fill(1);
      return b.op("MatMul", [
        x!,
        b.initializer("w", tensor("float32", [largeRows, largeRows], ones)),
      ]);
    },
  ),
];
