import { expect, test } from "vitest";
import type { Graph, Node } from "../graph/graph.ts";
import { tensorOf } from "../graph/tensor.ts";
import { differentiate } from "./differentiate.ts";
import { missingRules } from "./path.ts";

function node(operator: string, inputs: readonly string[], output: string, to?: number): Node {
  const attributes = to === undefined ? {} : { to: { kind: "int" as const, value: to } };
  return { name: `make ${output}`, operator, domain: "", inputs, outputs: [output], attributes };
}

/** |x| + x by the bits of x: whole numbers stand between, and the slope is 1 and -1 all the same. */
const absolute: Graph = {
  name: "absolute",
  inputs: [{ name: "x", type: "float32", dims: [2] }],
  outputs: [{ name: "y", type: "float32", dims: [2] }],
  nodes: [
    node("BitCast", ["x"], "bits", 6),
    node("BitwiseAnd", ["bits", "mask"], "unsigned"),
    node("BitCast", ["unsigned"], "size", 1),
    node("Add", ["size", "x"], "y"),
  ],
  initializers: new Map([["mask", tensorOf("int32", [], [0x7fffffff])]]),
  shapes: new Map([
    ["x", { type: "float32", dims: [2] }],
    ["bits", { type: "int32", dims: [2] }],
    ["unsigned", { type: "int32", dims: [2] }],
    ["size", { type: "float32", dims: [2] }],
    ["y", { type: "float32", dims: [2] }],
  ]),
  metadata: new Map(),
};

test("a path through the bits of floats is missed by name, and not silently", () => {
  const missing = [{ operator: "BitCast", node: "make bits" }];
  expect(missingRules(absolute, { of: "y", wrt: ["x"] })).toEqual(missing);
  expect(() => differentiate(absolute, { of: "y", wrt: ["x"] })).toThrow('BitCast ("make bits")');
});

test("bits that nothing of the path reads are no matter", () => {
  const nodes = [...absolute.nodes.slice(0, 3), node("Add", ["x", "x"], "y")];
  expect(missingRules({ ...absolute, nodes }, { of: "y", wrt: ["x"] })).toEqual([]);
});

test("a gradient that ends is told with the operators at which it does", () => {
  const nodes = [node("Floor", ["x"], "size"), node("Neg", ["size"], "y")];
  expect(() => differentiate({ ...absolute, nodes }, { of: "y", wrt: ["x"] })).toThrow(
    'what is explained must depend on "x" through differentiable operators, got only paths that end at Floor ("make size")',
  );
  const apart = { ...absolute, nodes: [node("Neg", ["size"], "y")] };
  const inputs = [...absolute.inputs, { name: "size", type: "float32" as const, dims: [2] }];
  expect(() => differentiate({ ...apart, inputs }, { of: "y", wrt: ["x"] })).toThrow("got no path");
});
