/** @file The smallest graph that runs: whether a provider works at all, and what has it start. */
import type { Graph } from "../graph/graph.ts";

/** y = ReLU(x) of one number. */
export const smallestGraph: Graph = {
  name: "smallest",
  inputs: [{ name: "x", type: "float32", dims: [1] }],
  outputs: [{ name: "y", type: "float32", dims: [1] }],
  nodes: [
    { name: "y", operator: "Relu", domain: "", inputs: ["x"], outputs: ["y"], attributes: {} },
  ],
  initializers: new Map(),
  shapes: new Map(),
  metadata: new Map(),
};
