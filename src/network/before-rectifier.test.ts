import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { beforeRectifier } from "./before-rectifier.ts";

/** Two branches behind ReLU and ReLU6, concatenated, normalised and pooled; a third without a rectifier. */
function branches() {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  const conv = (outputs: number, name: string) =>
    b.op("Conv", [x, b.constant(Array<number>(3 * outputs).fill(1), [outputs, 3, 1, 1])], {}, name);
  const relu = b.op("Relu", [conv(4, "four")]);
  const clip = b.op("Clip", [conv(2, "two"), b.scalar(0), b.scalar(6)]);
  const all = b.op("Concat", [relu, clip, b.op("Sigmoid", [conv(3, "three")])], { axis: 1 }, "all");
  const pooled = b.op("MaxPool", [b.op("LRN", [all], { size: 3 })], { kernel_shape: [2, 2] });
  b.output(b.op("Identity", [pooled], {}, "end"));
  return b.build();
}

test("finds each channel before its rectifier, through pools and concatenations", () => {
  const graph = branches();
  for (const layer of ["all", "end"]) {
    expect(beforeRectifier(graph, layer, 0)).toEqual({ value: "four", channel: 0 });
    expect(beforeRectifier(graph, layer, 3)).toEqual({ value: "four", channel: 3 });
    expect(beforeRectifier(graph, layer, 4)).toEqual({ value: "two", channel: 0 });
    expect(beforeRectifier(graph, layer, 5)).toEqual({ value: "two", channel: 1 });
    expect(beforeRectifier(graph, layer, 6)).toBeUndefined();
    expect(beforeRectifier(graph, layer, 9)).toBeUndefined();
  }
  expect(beforeRectifier(graph, "four", 0)).toBeUndefined();
  expect(beforeRectifier(graph, "x", 0)).toBeUndefined();
});
