/** @file Pools whose windows leave gaps run on ONNX Runtime, and are TensorFlow's at every size. */
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensorOf, toNumbers } from "../../graph/tensor.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { encodeOnnx } from "../onnx/encode.ts";
import { heldFirst } from "./nhwc-value.ts";
import { pad } from "./shapes.ts";
import { pool, type PoolKind } from "./windows.ts";

const runtime = createNodeRuntime();
const sides = [1, 2, 3, 4, 5, 6, 7];

/** First place of a window and the one behind its last, within `side` places, by TensorFlow's formula. */
function spanOf(side: number, window: number, stride: number, at: number): [number, number] {
  const out = Math.ceil(side / stride);
  const total = Math.max((out - 1) * stride + window - side, 0);
  const start = at * stride - Math.floor(total / 2);
  return [Math.max(start, 0), Math.min(start + window, side)];
}

function wanted(
  kind: PoolKind,
  [height, width]: readonly [number, number],
  [rows, columns]: readonly [number, number],
  [down, right]: readonly [number, number],
): number[] {
  const result: number[] = [];
  for (let i = 0; i < Math.ceil(height / down); i++) {
    for (let j = 0; j < Math.ceil(width / right); j++) {
      const [top, bottom] = spanOf(height, rows, down, i);
      const [left, end] = spanOf(width, columns, right, j);
      const seen: number[] = [];
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < end; x++) seen.push(Math.sin(1 + y * width + x));
      }
      const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
      result.push(kind === "max" ? Math.max(...seen) : mean);
    }
  }
  return result;
}

const windows = [
  [
    [1, 1],
    [2, 2],
  ],
  [
    [1, 2],
    [2, 2],
  ],
  [
    [2, 3],
    [3, 2],
  ],
  [
    [2, 2],
    [3, 3],
  ],
  [
    [3, 1],
    [1, 3],
  ],
  [
    [2, 1],
    [1, 2],
  ],
] as const;

test.each(windows)("windows %j with strides %j", async (size, strides) => {
  const b = new GraphBuilder();
  const x = heldFirst(b.input("x", [1, 1, 7, 7], "float32", [1, 1, "H", "W"]));
  for (const kind of ["max", "average"] as const) {
    b.output(pool(b, x, kind, size, { strides, padding: "same" }, kind).value);
  }
  const graph = { ...b.build(), shapes: new Map() };
  for (const height of sides) {
    for (const width of sides) {
      const data = Array.from({ length: height * width }, (_, i) => Math.sin(1 + i));
      const found = await runtime.run(graph, {
        x: tensorOf("float32", [1, 1, height, width], data),
      });
      for (const kind of ["max", "average"] as const) {
        const numbers = wanted(kind, [height, width], size, strides);
        expect(toNumbers(found[kind]!), `${kind} of ${height} x ${width}`).toBeAllclose(numbers);
      }
    }
  }
});

test("zeros before a pool stay zeros in ONNX Runtime as everybody has it", async () => {
  const b = new GraphBuilder();
  const x = heldFirst(b.input("x", [1, 1, 2, 2]));
  const borders = [
    [0, 0],
    [1, 0],
    [0, 1],
    [0, 0],
  ] as const;
  const padded = pad(b, x, borders, "padded");
  b.output(pool(b, padded, "max", [2, 2], { strides: [1, 1], padding: "valid" }, "y").value);
  const session = await InferenceSession.create(encodeOnnx(b.build()).bytes);
  const fed = new Tensor("float32", Float32Array.of(-1, -2, -3, -4), [1, 1, 2, 2]);
  const { y } = await session.run({ x: fed });
  expect([...(y!.data as Float32Array)]).toEqual([0, 0, -1, 0]);
  await session.release();
});
