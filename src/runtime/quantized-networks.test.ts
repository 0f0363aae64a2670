/** @file Quantised networks and their gradients run as the interpreter says, whatever moves elements in them and whatever type they have. */
import * as fc from "fast-check";
import { afterAll, test } from "vitest";
import { assertClose } from "../../test/reference/compare.ts";
import { interpret } from "../../test/reference/interpreter.ts";
import { fromTensor, ndarray, toTensor } from "../../test/reference/ndarray.ts";
import { differentiate } from "../autodiff/differentiate.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { cut } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import { castCodes } from "../graph/infer.ts";
import { elementCount } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "./onnxruntime-node.ts";
import { createWebRuntime } from "./onnxruntime-web.ts";
import type { Runtime } from "./runtime.ts";

const cpu = createNodeRuntime({ threads: 1 });
const wasm = await createWebRuntime();
afterAll(() => Promise.all([cpu.release(), wasm.release()]));

const channels = 4;
const dims = [2, channels, 4, 3];

const movers = {
  MaxPool: (b, x) => b.op("MaxPool", [x], { kernel_shape: [2, 2], pads: [1, 1, 0, 0] }),
  GlobalMaxPool: (b, x) => b.op("GlobalMaxPool", [x]),
  Reshape: (b, x) => b.reshape(x, [x.dims[0]!, x.dims[1]!, x.dims[3]!, x.dims[2]!]),
  Flatten: (b, x) => b.reshape(b.op("Flatten", [x]), x.dims),
  Transpose: (b, x) => b.transpose(x, [0, 1, 3, 2]),
  Squeeze: (b, x) => {
    const wide = b.op("Unsqueeze", [x, b.ints([0])]);
    return b.op("Squeeze", [wide, b.ints([0])]);
  },
  Slice: (b, x) => b.slice(x, [x.dims[2]! - 1], [x.dims[2]!], [2]),
  Gather: (b, x) => b.op("Gather", [x, b.ints([1, 0, 3, 3])], { axis: 1 }),
  Concat: (b, x) => b.concat([b.slice(x, [0], [1], [2]), b.slice(x, [-1], [9], [2])], 2),
  Split: (b, x) => {
    const [first, second] = b.ops("Split", [x], 2, { axis: 1, num_outputs: 2 });
    return b.concat([second!, first!], 1);
  },
  Pad: (b, x) => b.op("Pad", [x, b.ints([0, 0, 1, 0, 0, 0, 0, 1])]),
  Relu: (b, x) => b.op("Relu", [x]),
  Clip: (b, x) => b.op("Clip", [x, b.scalar(-4), b.scalar(6)]),
  Identity: (b, x) => b.op("Identity", [x]),
} satisfies Record<string, (b: GraphBuilder, x: Value) => Value>;

type Mover = keyof typeof movers;

/** What is fused with the quantisation around it. */
const layers = {
  Conv: (b, x, next) => {
    const [weights, scale] = quantizedWeights(b, next);
    const kernel = b.reshape(weights, [channels, channels, 1, 1]);
    return b.op("Conv", [x, b.op("DequantizeLinear", [kernel, scale], { axis: 0 })]);
  },
  MatMul: (b, x, next) => {
    const [weights, scale] = quantizedWeights(b, next);
    const product = b.op("MatMul", [
      b.transpose(x, [0, 2, 3, 1]),
      b.op("DequantizeLinear", [weights, scale]),
    ]);
    return b.transpose(product, [0, 3, 1, 2]);
  },
  AveragePool: (b, x) =>
    b.op("AveragePool", [x], { kernel_shape: [2, 2], pads: [1, 1, 0, 0], count_include_pad: 1 }),
  Add: (b, x) => b.add(x, x),
  Mul: (b, x) => b.mul(x, b.scalar(0.5)),
  LeakyRelu: (b, x) => b.op("LeakyRelu", [x], { alpha: 0.5 }),
} satisfies Record<string, (b: GraphBuilder, x: Value, next: () => number) => Value>;

type Layer = keyof typeof layers;

function quantizedWeights(b: GraphBuilder, next: () => number): readonly [Value, Value] {
  const numbers = Array.from({ length: channels * channels }, () => Math.round(next() * 8) - 4);
  const scale = b.constant([0.5, 0.25, 0.5, 0.25], [channels]);
  return [b.constant(numbers, [channels, channels], "int8"), scale];
}

const quantizedTypes = ["int8", "uint8", "int16", "uint16"] as const;

/** How a value is quantised, and what comes before and behind it. All numbers are sums of few powers of two, so nothing is rounded. */
const drawnStep = fc.record({
  type: fc.constantFrom(...quantizedTypes),
  zero: fc.constantFrom("none", "nothing", "some"),
  isTypeWritten: fc.boolean(),
  isPerChannel: fc.boolean(),
  scale: fc.constantFrom(0.125, 0.25, 0.5),
  movers: fc.array(fc.constantFrom(...(Object.keys(movers) as Mover[])), { maxLength: 3 }),
  isReadTwice: fc.boolean(),
  next: fc.constantFrom("nothing", ...(Object.keys(layers) as Layer[])),
  isQuantizedBehind: fc.boolean(),
});

const drawn = fc.record({
  steps: fc.array(drawnStep, { minLength: 1, maxLength: 3 }),
  seed: fc.nat(1000),
  /** Without the gradient, levels are read once, and what reads them is fused. */
  hasGradient: fc.boolean(),
});

type Step = typeof drawnStep extends fc.Arbitrary<infer T> ? T : never;

/** Scale and zero point of a step, which the type of the latter says where there is none written. */
function parametersOf(b: GraphBuilder, step: Step): readonly [Value, Value | null] {
  const own = step.isPerChannel ? [channels] : [];
  const spread = (value: (i: number) => number) =>
    Array.from({ length: own[0] ?? 1 }, (_, i) => value(i));
  const scale = b.constant(
    spread((i) => step.scale * 2 ** (i % 2)),
    own,
  );
  const middle = step.type.startsWith("u") ? 128 : 0;
  const zero = step.zero === "some" ? (i: number) => middle - 3 + i : () => middle;
  const isImplied = step.zero === "none" && (step.type === "uint8" || step.isTypeWritten);
  return [scale, isImplied ? null : b.constant(spread(zero), own, step.type)];
}

/** A value through quantised numbers and back. */
function quantized(b: GraphBuilder, x: Value, step: Step): Value {
  const parameters = parametersOf(b, step);
  const written = step.isTypeWritten ? { output_dtype: castCodes[step.type] } : {};
  const levels = b.op("QuantizeLinear", [x, ...parameters], written);
  return b.op("DequantizeLinear", [levels, ...parameters]);
}

function behind(b: GraphBuilder, x: Value, step: Step, next: () => number): Value {
  let value = quantized(b, x, step);
  for (const mover of step.movers) value = movers[mover](b, value);
  if (step.next !== "nothing") value = layers[step.next](b, value, next);
  if (step.isQuantizedBehind) value = quantized(b, value, step);
  return step.isReadTwice ? b.add(value, b.op("Relu", [value])) : value;
}

interface Drawn {
  readonly steps: readonly Step[];
  readonly seed: number;
  readonly hasGradient: boolean;
}

/** The steps, a weighted sum of what they give, and its gradient to the input. */
function graphOf({ steps, seed, hasGradient }: Drawn): Graph {
  const b = new GraphBuilder();
  const random = randomStream("quantised networks", seed);
  let value = b.input("x", dims);
  for (const step of steps) value = behind(b, value, step, () => random.uniform());
  const count = elementCount(value.dims);
  const weights = Array.from({ length: count }, () => random.below(5) - 2);
  const weighted = b.mul(value, b.constant(weights, value.dims));
  const sum = b.reduceSum(weighted, [0, 1, 2, 3], false);
  if (!hasGradient) return cut(b.build(), { outputs: [sum.name] });
  const { graph, gradients } = differentiate(b.build(), { of: sum.name, wrt: ["x"] });
  return cut(graph, { outputs: [...new Set([value.name, sum.name, gradients.get("x")!])] });
}

/** Eighths, some of which saturate what they are quantised to. */
function fedBy(seed: number) {
  const random = randomStream("fed to quantised networks", seed);
  const eighths = Array.from({ length: elementCount(dims) }, () => random.below(401) - 200);
  return ndarray(
    "float32",
    dims,
    eighths.map((count) => count / 8),
  );
}

/** Holds a runtime against the interpreter, for the drawn networks. */
function holds(runtime: Runtime, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(drawn, async (given) => {
    const [graph, x] = [graphOf(given), fedBy(given.seed)];
    const session = await runtime.open(graph);
    const found = await session.run({ x: toTensor(x) });
    await session.release();
    const expected = interpret(graph, { x });
    for (const { name } of graph.outputs)
      assertClose(fromTensor(found[name]!), expected[name]!, 1e-6, name);
  });
  return fc.assert(property, { numRuns });
}

test("quantised networks and their gradients on the processor are the interpreter's", () =>
  holds(cpu, 400));

test("quantised networks and their gradients in WebAssembly are the interpreter's", () =>
  holds(wasm, 150));
