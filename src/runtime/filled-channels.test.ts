import * as fc from "fast-check";
import { expect, test } from "vitest";
import { assertClose } from "../../test/reference/compare.ts";
import { interpret } from "../../test/reference/interpreter.ts";
import { ndarray } from "../../test/reference/ndarray.ts";
import { differentiate } from "../autodiff/differentiate.ts";
import { AttributeReader } from "../graph/attributes.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { cut } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import { filledGraph } from "./filled-channels.ts";

const steps = [
  "dense",
  "depthwise",
  "grouped",
  "strided",
  "relu",
  "hard-swish",
  "swish",
  "gate",
  "residual",
  "per-channel",
  "pool",
  "transposed",
  "split",
  "kept",
] as const;

const drawn = fc.record({
  steps: fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 6 }),
  channels: fc.constantFrom(16, 20, 24, 40),
  narrow: fc.constantFrom(8, 16),
  seed: fc.integer({ min: 0, max: 1000 }),
});

interface Asked {
  readonly steps: readonly (typeof steps)[number][];
  readonly channels: number;
  readonly seed: number;
}

/** Numbers between -1 and 1 that differ from call to call. */
function numbers(seed: number): (count: number) => number[] {
  let state = seed + 1;
  return (count) =>
    Array.from({ length: count }, () => {
      state = (state * 16807) % 2147483647;
      return (state / 2147483647) * 2 - 1;
    });
}

/** A chain of the steps between two dense convolutions, its sum, and the gradient of that to the input. */
function gradientOf({ steps: chain, channels, seed }: Asked): Graph {
  const b = new GraphBuilder();
  const next = numbers(seed);
  const weights = (...dims: number[]) =>
    b.constant(next(dims.reduce((product, size) => product * size, 1)), dims);
  const kept: Value[] = [];
  let value = b.input("x", [2, 3, 5, 4]);
  value = b.op("Conv", [value, weights(channels, 3, 1, 1), weights(channels)]);
  for (const step of chain) {
    if (step === "kept") kept.push(value);
    else value = behind(b, value, step, weights);
  }
  value = b.op("Conv", [value, weights(2, channels, 1, 1)]);
  const sum = b.reduceSum(value, [0, 1, 2, 3], false);
  const { graph, gradients } = differentiate(b.build(), { of: sum.name, wrt: ["x"] });
  const outputs = [value.name, ...kept.map(({ name }) => name), gradients.get("x")!];
  return cut(graph, { outputs: [...new Set(outputs)] });
}

function behind(
  b: GraphBuilder,
  value: Value,
  step: Exclude<(typeof steps)[number], "kept">,
  weights: (...dims: number[]) => Value,
): Value {
  const channels = value.dims[1]!;
  const window = { pads: [1, 1, 1, 1], group: channels };
  switch (step) {
    case "dense":
      return b.op("Conv", [value, weights(channels, channels, 1, 1)]);
    case "depthwise":
      return b.op("Conv", [value, weights(channels, 1, 3, 3), weights(channels)], window);
    case "grouped":
      return b.op("Conv", [value, weights(channels, 4, 3, 3)], { ...window, group: channels / 4 });
    case "strided":
      return b.op("Conv", [value, weights(channels, 1, 3, 3)], { ...window, strides: [2, 2] });
    case "relu":
      return b.op("Relu", [value]);
    case "hard-swish":
      return b.op("HardSwish", [value]);
    case "swish":
      return b.mul(value, b.op("Sigmoid", [value]));
    case "gate":
      return b.mul(value, b.op("Sigmoid", [b.op("GlobalAveragePool", [value])]));
    case "residual":
      return b.add(value, b.op("Relu", [value]));
    case "per-channel":
      return b.add(b.mul(value, weights(1, channels, 1, 1)), weights(channels, 1, 1));
    case "pool":
      return b.op("AveragePool", [value], { kernel_shape: [2, 2], pads: [1, 1, 0, 0] });
    case "transposed":
      return b.op("ConvTranspose", [value, weights(channels, channels, 1, 1), weights(channels)]);
    case "split": {
      const [first, second] = b.ops("Split", [value], 2, { axis: 1, num_outputs: 2 });
      return b.concat([second!, first!], 1);
    }
  }
}

/** Whether all weights of the graph's grouped convolutions are of whole blocks. */
function areFilled(graph: Graph): boolean {
  const weights = graph.nodes
    .filter((node) => node.operator === "Conv" && new AttributeReader(node).int("group", 1) > 1)
    .map(({ inputs }) => graph.shapes.get(inputs[1]!) ?? graph.initializers.get(inputs[1]!)!);
  return weights.every(
    ({ dims: [filters, width] }) => filters! % 16 === 0 && [1, 16].includes(width!),
  );
}

test("filled channels change no number: outputs, values that are read between, and gradients", () => {
  fc.assert(
    fc.property(drawn, (given) => {
      const graph = gradientOf(given);
      const x = ndarray("float32", [2, 3, 5, 4], numbers(given.seed + 7)(120));
      const [expected, found] = [
        interpret(graph, { x }),
        interpret(filledGraph(graph, given.narrow), { x }),
      ];
      for (const { name } of graph.outputs) {
        assertClose(found[name]!, expected[name]!, 1e-9, name);
      }
    }),
    { numRuns: 50 },
  );
});

test.each([
  ["depthwise", 24],
  ["grouped", 24],
  ["grouped", 32],
] as const)(
  "the channels of a %s convolution of %i fill blocks, and those of its gradient",
  (step, channels) => {
    const graph = gradientOf({ steps: [step, "relu"], channels, seed: 3 });
    expect(areFilled(graph)).toBe(false);
    expect(areFilled(filledGraph(graph, 8))).toBe(true);
  },
);

test("what gains nothing is left as it is", () => {
  const dense = gradientOf({ steps: ["dense"], channels: 24, seed: 3 });
  expect(filledGraph(dense, 16)).toBe(dense);
  const full = gradientOf({ steps: ["depthwise", "relu"], channels: 16, seed: 3 });
  expect(filledGraph(full, 16)).toBe(full);
});

test("groups of 8 channels are left where they may be blocks themselves", () => {
  const b = new GraphBuilder();
  const weights = b.constant(numbers(1)(32 * 8), [32, 8, 1, 1]);
  b.output(b.op("Conv", [b.input("x", [1, 32, 2, 2]), weights], { group: 4 }));
  const graph = b.build();
  expect(filledGraph(graph, 8)).toBe(graph);
  expect(areFilled(filledGraph(graph, 16))).toBe(true);
});
