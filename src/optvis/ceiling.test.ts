import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { withoutCeiling } from "./ceiling.ts";

function network(floor: number) {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2]);
  const inner = b.op("Clip", [x, b.scalar(0), b.scalar(6)], {}, "inner");
  b.output(b.op("Clip", [inner, b.scalar(floor), b.scalar(6)], {}, "layer"));
  return b.build();
}

const operators = (graph: ReturnType<typeof network>) =>
  graph.nodes
    .filter(({ name }) => name === "inner" || name === "layer")
    .map((node) => node.operator);

test("ReLU6 becomes ReLU at the layer, and stays ReLU6 before it", () => {
  expect(operators(withoutCeiling(network(0), ["layer"]))).toEqual(["Clip", "Relu"]);
  expect(withoutCeiling(network(0), ["layer"]).nodes.at(-1)!.inputs).toEqual(["inner"]);
});

test("other bounds are no ReLU6", () => {
  expect(operators(withoutCeiling(network(-1), ["layer"]))).toEqual(["Clip", "Clip"]);
});
