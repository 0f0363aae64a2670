import * as fc from "fast-check";
import { expect, test } from "vitest";
import { assertClose } from "../../test/reference/compare.ts";
import { interpret } from "../../test/reference/interpreter.ts";
import { ndarray } from "../../test/reference/ndarray.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { differentiate } from "./differentiate.ts";
import { mergedNodes } from "./merge.ts";

const sizes = [2, 3, 4];

const steps = [
  "add",
  "chain",
  "concat",
  "mul",
  "neg",
  "pad",
  "placed",
  "reshape",
  "slice",
  "split",
  "tanh",
  "transpose",
] as const;

type Step = (typeof steps)[number];

const drawn = fc.record({
  steps: fc.array(
    fc.record({
      step: fc.constantFrom(...steps),
      /** Which of the values so far it reads, and where along an axis. */
      at: fc.nat(20),
      axis: fc.nat(2),
    }),
    { minLength: 3, maxLength: 14 },
  ),
  kept: fc.nat(4),
});

/** A value placed between zeros along an axis. */
function placed(b: GraphBuilder, value: Value, axis: number, before: number, size: number): Value {
  const rest = size - before - value.dims[axis]!;
  const pads = [
    value.dims.map((_, i) => (i === axis ? before : 0)),
    value.dims.map((_, i) => (i === axis ? rest : 0)),
  ];
  return b.op("Pad", [value, b.ints(pads.flat())]);
}

function part(b: GraphBuilder, value: Value, axis: number, start: number, end: number): Value {
  return b.slice(value, [start], [end], [axis]);
}

/** Each step gives a value in the shape of what it reads. */
function made(b: GraphBuilder, value: Value, other: Value, step: Step, axis: number): Value {
  const size = value.dims[axis]!;
  const [, ...behind] = value.dims.map((_, i) => i);
  switch (step) {
    case "add":
      return b.add(value, other);
    case "mul":
      return b.mul(value, other);
    case "neg":
      return b.neg(b.neg(value));
    case "tanh":
      return b.op("Tanh", [value]);
    case "reshape":
      return b.reshape(b.reshape(b.reshape(value, [24]), [6, 4]), value.dims);
    case "transpose":
      return b.transpose(b.transpose(b.transpose(value, [...behind, 0]), [...behind, 0]), [
        ...behind,
        0,
      ]);
    case "chain":
      return b.neg(b.transpose(b.reshape(b.transpose(value, [2, 0, 1]), [4, 2, 3]), [1, 2, 0]));
    case "concat": {
      const both = b.concat([value, other], axis);
      return b.add(part(b, both, axis, 0, size), part(b, both, axis, size, 2 * size));
    }
    case "slice":
      return part(b, b.concat([value, other], axis), axis, 1, size + 1);
    case "pad":
      return b.add(placed(b, part(b, value, axis, 0, 1), axis, 1, size), other);
    case "placed":
    case "split": {
      // Three parts side by side where the axis has room, or two that overlap.
      const middle = step === "placed" ? 1 : Math.max(size - 1, 1);
      const first = placed(b, part(b, value, axis, 0, middle), axis, 0, size);
      const last = placed(b, part(b, other, axis, 1, size), axis, 1, size);
      if (step === "split" || size === 2) return b.add(first, last);
      const inner = placed(b, part(b, value, axis, 1, 2), axis, 1, size);
      const outer = placed(b, part(b, other, axis, 2, size), axis, 2, size);
      return axis === 1 ? b.add(b.add(inner, outer), first) : b.add(first, b.add(outer, inner));
    }
  }
}

function graphOf({
  steps: chain,
  kept,
}: typeof drawn extends fc.Arbitrary<infer T> ? T : never): Graph {
  const b = new GraphBuilder();
  const values = [b.input("x", sizes), b.input("y", sizes)];
  for (const { step, at, axis } of chain) {
    const value = values[at % values.length]!;
    values.push(made(b, value, values.at(-1)!, step, axis));
  }
  b.output(values[kept % values.length]!);
  b.output(values.at(-1)!);
  return b.build();
}

const numbers = (seed: number) =>
  ndarray(
    "float32",
    sizes,
    Array.from({ length: 24 }, (_, i) => Math.sin(seed + 1.7 * i)),
  );

function expectSame(graph: Graph, first: number): void {
  const merged = mergedNodes(graph, first);
  const feeds = { x: numbers(1), y: numbers(2) };
  const [expected, found] = [interpret(graph, feeds), interpret(merged, feeds)];
  for (const { name } of graph.outputs) assertClose(found[name]!, expected[name]!, 1e-12, name);
  expect(merged.nodes.length).toBeLessThanOrEqual(graph.nodes.length);
  expect(merged.nodes.slice(0, first)).toEqual(graph.nodes.slice(0, first));
}

test("merging changes no number and adds no node, and what is not the gradient's stays", () => {
  fc.assert(
    fc.property(drawn, fc.nat(6), (given, first) => {
      const graph = graphOf(given);
      expectSame(graph, Math.min(first, graph.nodes.length));
    }),
    { numRuns: 300 },
  );
});

test.each<[Step, readonly string[]]>([
  ["neg", ["Mul"]],
  ["reshape", ["Mul"]],
  ["transpose", ["Mul"]],
  ["placed", ["Concat", "Mul", "Slice", "Slice"]],
])("a %s that is undone, or whose parts fill an axis, is gone", (step, operators) => {
  const b = new GraphBuilder();
  const [x, y] = [b.input("x", sizes), b.input("y", sizes)];
  b.output(b.mul(made(b, x, y, step, 0), y));
  const merged = mergedNodes(b.build(), 0);
  expect(merged.nodes.map(({ operator }) => operator).sort()).toEqual(operators);
});

test("what is computed twice is computed once, but what draws lots is not", () => {
  const b = new GraphBuilder();
  const x = b.input("x", sizes);
  const lots = () => b.op("Dropout", [x, b.scalar(0.5), b.scalar(1, "bool")]);
  b.output(b.add(b.op("Tanh", [x]), b.op("Tanh", [x])));
  b.output(b.sub(lots(), lots()));
  const operators = mergedNodes(b.build(), 0).nodes.map(({ operator }) => operator);
  expect(operators.filter((operator) => operator === "Tanh")).toHaveLength(1);
  expect(operators.filter((operator) => operator === "Dropout")).toHaveLength(2);
});

test("the gradient of a map that is cut in two is put together by a concatenation", () => {
  const b = new GraphBuilder();
  const x = b.input("x", sizes);
  const [first, second] = [part(b, x, 2, 0, 1), part(b, x, 2, 1, 4)];
  const sum = b.add(
    b.reduceSum(b.mul(first, first), [0, 1, 2], false),
    b.reduceSum(b.op("Tanh", [second]), [0, 1, 2], false),
  );
  const operators = differentiate(b.build(), { of: sum.name, wrt: ["x"] }).graph.nodes.map(
    ({ operator }) => operator,
  );
  expect(operators).toContain("Concat");
  expect(operators).not.toContain("Pad");
});
