/** @file The axis of a map's classes, by the operators before it, whatever the layout of the input is. */
import { expect, test } from "vitest";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { classAxisTold } from "./class-axis.ts";

type Ending = (b: GraphBuilder, maps: Value) => Value;

const bias: Ending = (b, x) => b.add(x, b.fill([4, 1, 1], 1));
const last: Ending = (b, x) => b.transpose(x, [0, 2, 3, 1]);

test.each<[string, Ending, number | undefined]>([
  ["behind a convolution", (_, x) => x, 1],
  ["behind a bias and a clip", (b, x) => b.op("Clip", [bias(b, x), b.scalar(-1)]), 1],
  ["enlarged", (b, x) => b.op("Resize", [x, null, b.constant([1, 1, 2, 2], [4])]), 1],
  ["turned", last, 3],
  ["turned twice", (b, x) => b.transpose(b.op("Abs", [last(b, x)]), [0, 3, 2, 1]), 1],
  ["turned to the middle", (b, x) => b.transpose(x, [0, 2, 1, 3]), 2],
  [
    "behind products of the last axis",
    (b, x) => b.op("MatMul", [last(b, x), b.constant(Array<number>(8).fill(1), [4, 2])]),
    3,
  ],
  ["behind a reshape", (b, x) => b.reshape(x, [1, 6, 5, 4]), undefined],
])("%s", (_, ending, axis) => {
  const b = new GraphBuilder();
  const picture = b.transpose(b.input("x", [1, 5, 6, 3]), [0, 3, 1, 2]);
  const weights = b.constant(Array<number>(12).fill(1), [4, 3, 1, 1]);
  const map = ending(b, b.op("Conv", [picture, weights]));
  b.output(map);
  expect(classAxisTold(b.build(), map.name)).toBe(axis);
});
