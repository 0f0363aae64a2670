/** @file A network as a list of steps and a file of weights, for the twins that other frameworks build of it. */
import { writeFileSync } from "node:fs";
import { AttributeReader } from "../src/graph/attributes.ts";
import type { Graph, Node } from "../src/graph/graph.ts";

/** One step; sizes are heights and widths. */
export type PlanStep = {
  readonly inputs: readonly string[];
  readonly output: string;
} & (
  | {
      readonly kind: "Conv";
      readonly weights: string;
      readonly bias: string;
      readonly strides: readonly number[];
      readonly pads: readonly number[];
    }
  | {
      readonly kind: "MaxPool";
      readonly sides: readonly number[];
      readonly strides: readonly number[];
      readonly pads: readonly number[];
    }
  | {
      readonly kind: "LRN";
      readonly size: number;
      readonly alpha: number;
      readonly beta: number;
      readonly bias: number;
    }
  | { readonly kind: "Relu" | "Concat" }
);

/** Steps in their order, and where the float32 weights begin among all of them. */
export interface NetworkPlan {
  readonly input: string;
  readonly steps: readonly PlanStep[];
  readonly weights: Readonly<
    Record<string, { readonly dims: readonly number[]; readonly at: number }>
  >;
}

/** The plan, and all weights one behind the other. Throws for an operator that GoogLeNet has none of before its classes. */
export function planOf(graph: Graph): {
  readonly plan: NetworkPlan;
  readonly weights: Float32Array;
} {
  const steps = graph.nodes.map(stepOf);
  const named = steps.flatMap((step) => (step.kind === "Conv" ? [step.weights, step.bias] : []));
  const places: Record<string, { dims: readonly number[]; at: number }> = {};
  const parts: number[][] = [];
  let at = 0;
  for (const name of named) {
    const { dims, data } = graph.initializers.get(name)!;
    places[name] = { dims, at };
    parts.push([...(data as Float32Array)]);
    at += data.length;
  }
  const plan = { input: graph.inputs[0]!.name, steps, weights: places };
  return { plan, weights: Float32Array.from(parts.flat()) };
}

/** Writes the plan as `PATH.json` and `PATH.bin`. */
export function writePlan(graph: Graph, path: string): NetworkPlan {
  const { plan, weights } = planOf(graph);
  writeFileSync(`${path}.json`, JSON.stringify(plan));
  writeFileSync(`${path}.bin`, weights);
  return plan;
}

function stepOf(node: Node): PlanStep {
  const { operator, inputs, outputs } = node;
  const read = new AttributeReader(node);
  const common = { inputs: inputs.slice(0, 1), output: outputs[0]! };
  const strides = () => read.ints("strides", [1, 1]);
  const pads = () => read.ints("pads", [0, 0, 0, 0]);
  switch (operator) {
    case "Conv":
      return {
        ...common,
        kind: "Conv",
        weights: inputs[1]!,
        bias: inputs[2]!,
        strides: strides(),
        pads: pads(),
      };
    case "MaxPool":
      return {
        ...common,
        kind: "MaxPool",
        sides: read.ints("kernel_shape"),
        strides: strides(),
        pads: pads(),
      };
    case "LRN":
      return {
        ...common,
        kind: "LRN",
        size: read.int("size"),
        alpha: read.float("alpha", 0.0001),
        beta: read.float("beta", 0.75),
        bias: read.float("bias", 1),
      };
    case "Relu":
      return { ...common, kind: "Relu" };
    case "Concat":
      return { ...common, inputs, kind: "Concat" };
  }
  throw new Error(`network-plan: the operator must be one of GoogLeNet's, got ${operator}`);
}
