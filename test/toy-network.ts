/** @file The toy network of Captum's tests and its picture. */
import { GraphBuilder } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensorOf, type Tensor } from "../src/graph/tensor.ts";

/** Conv 1 to 2, 3x3, all ones, bias -50 and -75; ReLU; dense of four equal rows; ReLU. */
export function toyNetwork(): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 4, 4]);
  const w = b.constant(Array(18).fill(1), [2, 1, 3, 3]);
  const conv = b.op("Conv", [x, w, b.constant([-50, -75], [2])], {}, "conv1");
  const relu = b.op("Relu", [conv], {}, "relu1");
  const row = [1, 1, 1, 1, 1, -1, -1, -1];
  const dense = b.constant([...row, ...row, ...row, ...row], [4, 8]);
  const fc = b.op("Gemm", [b.op("Flatten", [relu]), dense], { transB: 1 }, "fc1");
  b.output(b.op("Relu", [fc], {}, "output"));
  return b.build("toy");
}

/** The picture [1, 1, 4, 4] with numbers from `first` on. */
export function counted(first: number): Tensor {
  return tensorOf(
    "float32",
    [1, 1, 4, 4],
    Array.from({ length: 16 }, (_, i) => first + i),
  );
}
