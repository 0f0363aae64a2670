import * as fc from "fast-check";
import { expect, test } from "vitest";
import { differentiate } from "../autodiff/differentiate.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { cut } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import { tensorOf, toNumbers } from "../graph/tensor.ts";
import { largest } from "../statistics.ts";
import { blockedGraph } from "./blocked-layout.ts";
import { nodeSettings } from "./onnxruntime-node.ts";
import { ort } from "./onnxruntime-silent.ts";
import { createRuntime } from "./onnxruntime.ts";

const { adapt: _, ...settings } = nodeSettings({}).settings;
const runtime = createRuntime("onnxruntime-node/cpu", ort, settings);

const steps = [
  "relu",
  "relu6",
  "leaky",
  "elu",
  "stepped",
  "stepped down",
  "sigmoid",
  "swish",
  "hard-swish",
  "gate",
  "scale",
  "shift",
  "from",
  "difference",
  "clip",
  "maxima",
  "halved",
  "parts",
] as const;

/** Whole numbers, so that rectifiers meet their bounds exactly. */
const drawn = fc.record({
  steps: fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 4 }),
  channels: fc.constantFrom(16, 24, 32),
  side: fc.constantFrom(1, 3, 4, 5),
  kernel: fc.constantFrom(1, 3),
  numbers: fc.infiniteStream(fc.integer({ min: -2, max: 2 })),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** The gradient of the sum of a chain of convolutions, each with one of the steps behind it, and the chain's end. */
function gradientOf({ steps: chain, channels, side, kernel, numbers }: Drawn): Graph {
  const b = new GraphBuilder();
  let value = b.input("x", [1, channels, side, side]);
  const taps = channels * channels * kernel ** 2;
  for (const step of chain) {
    const weights = Array.from({ length: taps }, () => numbers.next().value);
    const pads = Array<number>(4).fill((kernel - 1) / 2);
    const dims = [channels, channels, kernel, kernel];
    const convolved = b.op("Conv", [value, b.constant(weights, dims)], { pads });
    value = behind(b, convolved, step);
  }
  const sum = b.reduceSum(value, [0, 1, 2, 3], false);
  b.output(value);
  const { graph, gradients } = differentiate(b.build(), { of: sum.name, wrt: ["x"] });
  return cut(graph, { outputs: [value.name, gradients.get("x")!] });
}

function pooled(b: GraphBuilder, value: Value, stride: number): Value {
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [stride, stride] };
  return b.op("MaxPool", [value], attributes);
}

/** 1 where a value is above 0, else the lower bound, or 0 where that is below it. */
function stepped(b: GraphBuilder, value: Value, low: number): Value {
  const isAbove = b.cast(b.greater(value, b.scalar(0)), "float32");
  return b.op("Clip", [isAbove, b.scalar(low), b.scalar(1)]);
}

function behind(b: GraphBuilder, value: Value, step: (typeof steps)[number]): Value {
  const clip = (low: number, high: number) => b.op("Clip", [value, b.scalar(low), b.scalar(high)]);
  switch (step) {
    case "relu":
      return b.op("Relu", [value]);
    case "relu6":
      return clip(0, 6);
    case "clip":
      return clip(-1, 4);
    case "sigmoid":
      return b.mul(b.op("Sigmoid", [b.scale(value, 0.5)]), value);
    case "swish":
      return b.mul(value, b.op("Sigmoid", [value]));
    case "leaky":
      return b.op("LeakyRelu", [value], { alpha: 0.1 });
    case "stepped":
      return b.mul(value, stepped(b, value, 0.25));
    case "stepped down":
      // The lower bound takes no part: what is clipped is 0 or 1.
      return b.mul(value, stepped(b, value, -0.5));
    case "elu":
      return b.op("Elu", [value]);
    case "hard-swish":
      return b.op("HardSwish", [value]);
    case "gate":
      return b.mul(b.op("Sigmoid", [b.op("GlobalAveragePool", [value])]), value);
    case "scale":
      return b.scale(value, 0.5);
    case "shift":
      return b.add(b.scalar(3), value);
    case "from":
      return b.sub(b.scalar(1), value);
    case "maxima":
      return pooled(b, value, 1);
    case "halved":
      return pooled(b, value, 2);
    case "parts":
      // Every second row, and zeros above and below.
      return b.op("Pad", [b.slice(value, [0], [9], [2], [2]), b.ints([0, 0, 1, 0, 0, 0, 1, 0])]);
    case "difference":
      return b.sub(value, b.op("Relu", [value]));
  }
}

test("blocks say the same function: values and gradients are those of the graph as it was, bounds included", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (given) => {
      const graph = gradientOf(given);
      const { channels, side, numbers } = given;
      const pixels = Array.from({ length: channels * side ** 2 }, () => numbers.next().value);
      const feeds = { x: tensorOf("float32", [1, channels, side, side], pixels) };
      const expected = await runtime.run(graph, feeds);
      const found = await runtime.run(blockedGraph(graph), feeds);
      for (const { name } of graph.outputs) {
        const [wanted, got] = [toNumbers(expected[name]!), toNumbers(found[name]!)];
        const scale = largest(wanted.map(Math.abs)) + 1e-3;
        const distance = largest(wanted.map((each, i) => Math.abs(each - got[i]!)));
        expect(distance).toBeLessThanOrEqual(1e-5 * scale);
      }
    }),
    { numRuns: 60 },
  );
});

test("masks of rectifiers between convolutions are in blocks, those of channels that do not fill them stay", () => {
  const numbers = fc.sample(drawn, 1)[0]!.numbers;
  const masked = ["relu", "leaky", "relu6"] as const;
  const operators = (channels: 24 | 32) =>
    blockedGraph(gradientOf({ steps: [...masked], channels, side: 3, kernel: 1, numbers }))
      .nodes.map(({ operator }) => operator)
      .filter((operator) => ["Greater", "And", "FusedConv"].includes(operator));
  expect(operators(24)).not.toContain("FusedConv");
  expect(operators(32)).toContain("FusedConv");
  expect(operators(32)).not.toContain("Greater");
});

test("gates of channels and sums over maps are in blocks where the channels fill them", () => {
  const numbers = fc.sample(drawn, 1)[0]!.numbers;
  const operators = (channels: 24 | 32) =>
    blockedGraph(gradientOf({ steps: ["gate", "relu"], channels, side: 3, kernel: 1, numbers }))
      .nodes.map(({ operator }) => operator)
      .filter((operator) => ["ReduceSum", "Resize"].includes(operator));
  expect(operators(24)).not.toContain("Resize");
  expect(operators(32)).toContain("Resize");
  // The one that is left is the sum of all that is differentiated.
  expect(operators(32).filter((operator) => operator === "ReduceSum")).toHaveLength(0);
});

test("moves and comparisons of a pool's gradient between convolutions are in blocks", () => {
  const numbers = fc.sample(drawn, 1)[0]!.numbers;
  const chain = ["maxima", "relu"] as const;
  const graph = gradientOf({ steps: [...chain], channels: 32, side: 5, kernel: 3, numbers });
  const plain = (each: Graph) =>
    each.nodes
      .filter(({ name }) => name.startsWith("grad/MaxPool"))
      .map(({ operator }) => operator)
      .filter((operator) => ["GreaterOrEqual", "Pad", "Slice"].includes(operator));
  expect(plain(graph)).not.toEqual([]);
  expect(plain(blockedGraph(graph))).toEqual([]);
});

test.each([1, 2])(
  "of the largest numbers a pool of stride %i has the same gradient in blocks",
  async (stride) => {
    const channels = 16;
    const dims = [1, channels, 6, 6];
    const b = new GraphBuilder();
    const scaled = (value: Value, by: number) =>
      b.op("Conv", [value, b.fill([channels, 1, 1, 1], by)], { group: channels });
    const maxima = pooled(b, scaled(b.input("x", dims), 1), stride);
    const sum = b.reduceSum(b.op("Relu", [scaled(maxima, 2 ** -20)]), [0, 1, 2, 3], false);
    b.output(sum);
    const { graph, gradients } = differentiate(b.build(), { of: sum.name, wrt: ["x"] });
    const gradient = gradients.get("x")!;
    const whole = cut(graph, { outputs: [gradient] });
    const largestNumber = 2 ** 127 * (2 - 2 ** -23);
    const kinds = [largestNumber, -largestNumber, 2 ** -126, -(2 ** -126), 0];
    const pixels = Array.from({ length: channels * 36 }, (_, i) => kinds[(i * 7919) % 23] ?? i % 9);
    const feeds = { x: tensorOf("float32", dims, pixels) };
    const [expected, found] = [
      await runtime.run(whole, feeds),
      await runtime.run(blockedGraph(whole), feeds),
    ];
    expect(toNumbers(found[gradient]!)).toEqual(toNumbers(expected[gradient]!));
  },
);

test("a graph without convolutions is itself", () => {
  const b = new GraphBuilder();
  b.output(b.scale(b.input("x", [1, 16, 2, 2]), 2));
  const graph = b.build();
  expect(blockedGraph(graph)).toBe(graph);
});
