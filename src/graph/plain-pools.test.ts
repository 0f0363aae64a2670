import { expect, test } from "vitest";
import { execute, graphOf, node } from "../../test/node-lines.ts";
import type { AttributeInput } from "./attributes.ts";
import { AttributeReader } from "./attributes.ts";
import type { Graph } from "./graph.ts";
import { zeros } from "./tensor.ts";
import { trace } from "./trace.ts";

/** A traced pool of a picture [1, 3, rows, columns]. */
async function tracedPool(
  operator: string,
  [rows, columns]: readonly [number, number],
  attributes: Readonly<Record<string, AttributeInput>>,
  outputs = "y",
): Promise<Graph> {
  const graph = graphOf([node(`${outputs} = ${operator}(x)`, attributes)]);
  const dims = [1, 3, rows, columns];
  const inputs = [{ name: "x", type: "float32", dims } as const];
  return trace({ ...graph, inputs }, { x: zeros("float32", dims) }, execute);
}

/** Pads, ceil_mode and auto_pad of the last node. */
function windowsSaid(graph: Graph): readonly unknown[] {
  const attributes = new AttributeReader(graph.nodes.at(-1)!);
  return [
    attributes.ints("pads", []),
    attributes.int("ceil_mode", 0),
    attributes.string("auto_pad", "NOTSET"),
  ];
}

test("a last window that would begin in the padding is in no pad", async () => {
  const attributes = { kernel_shape: [3, 4], strides: [3, 2], pads: [0, 3, 1, 3], ceil_mode: 1 };
  const traced = await tracedPool("MaxPool", [6, 3], attributes);
  expect(traced.outputs[0]!.dims).toEqual([1, 3, 2, 3]);
  expect(windowsSaid(traced)).toEqual([[0, 3, 0, 2], 0, "NOTSET"]);
});

test("ceil_mode stays where the last window reads beyond the padding, and rows that it leaves are cut off", async () => {
  const attributes = { kernel_shape: [2, 1], strides: [2, 3], ceil_mode: 1 };
  const traced = await tracedPool("AveragePool", [5, 5], { ...attributes, count_include_pad: 1 });
  expect(windowsSaid(traced)).toEqual([[0, 0, 0, 0], 1, "NOTSET"]);
  expect(traced.nodes.map(({ operator }) => operator)).toEqual(["Slice", "AveragePool"]);
  expect(traced.shapes.get(traced.nodes[0]!.outputs[0]!)?.dims).toEqual([1, 3, 5, 4]);
});

test("pads that are found are written down, and a negative one is a cut", async () => {
  const same = { kernel_shape: [3, 1], strides: [2, 4], auto_pad: "SAME_LOWER" };
  const traced = await tracedPool("AveragePool", [6, 8], same);
  expect(windowsSaid(traced)).toEqual([[1, 0, 0, 0], 0, "NOTSET"]);
  expect(traced.shapes.get(traced.nodes[0]!.outputs[0]!)?.dims).toEqual([1, 3, 6, 7]);
});

test("rows that one more window would read are cut off", async () => {
  const same = { kernel_shape: [2, 2], strides: [3, 1], dilations: [2, 1], auto_pad: "SAME_UPPER" };
  const traced = await tracedPool("AveragePool", [6, 6], same);
  expect(traced.outputs[0]!.dims).toEqual([1, 3, 1, 6]);
  expect(traced.shapes.get(traced.nodes[0]!.outputs[0]!)?.dims).toEqual([1, 3, 3, 6]);
});

test("a pool that tells places in what would be cut stays as it is, and so does a plain one", async () => {
  const cut = { kernel_shape: [2, 1], strides: [2, 3], ceil_mode: 1 };
  const told = await tracedPool("MaxPool", [5, 5], cut, "y, places");
  expect(windowsSaid(told)).toEqual([[], 1, "NOTSET"]);
  const plain = await tracedPool("MaxPool", [6, 6], { kernel_shape: [2, 2], strides: [2, 2] });
  expect(windowsSaid(plain)).toEqual([[], 0, "NOTSET"]);
});
