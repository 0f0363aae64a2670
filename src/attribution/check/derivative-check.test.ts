/** @file The check of gradients finds wrong rules and names their node, and lets right ones pass. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { RuleTable } from "../../autodiff/rule.ts";
import { rules } from "../../autodiff/rules/index.ts";
import { GraphBuilder, type Value } from "../../graph/builder.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { checkDerivative } from "./derivative-check.ts";
import { PlainNetwork } from "./plain-network.ts";
import { firstFault } from "./first-fault.ts";
import { checkedText } from "./self-check.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const dims = [1, 2, 8, 8] as const;

function drawn(seed: number, what: string, count: number): number[] {
  const random = randomStream(what, seed);
  return Array.from({ length: count }, () => random.normal());
}

/** Convolutions, an activation function by choice, pools, a sum of two ways, a dense layer. */
function network(seed: number, activation: string): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [...dims]);
  const conv = (from: Value, channels: number, name: string) => {
    const inputs = from.dims[1]!;
    const weights = drawn(seed, name, channels * inputs * 9).map(
      (w) => w / (3 * Math.sqrt(inputs)),
    );
    const kernel = b.constant(weights, [channels, inputs, 3, 3]);
    return b.op("Conv", [from, kernel], { pads: [1, 1, 1, 1] }, name);
  };
  const first = b.op(activation, [conv(x, 4, "conv1")], {}, "act1");
  const pooled = b.op("MaxPool", [first], { kernel_shape: [2, 2], strides: [2, 2] }, "pool1");
  const second = b.add(pooled, b.op(activation, [conv(pooled, 4, "conv2")], {}, "act2"));
  const mean = b.op("Flatten", [b.op("GlobalAveragePool", [second], {}, "mean")], {}, "row");
  b.output(b.op("MatMul", [mean, b.constant(drawn(seed, "dense", 12), [4, 3])], {}, "logits"));
  return new Model(b.build(), runtime);
}

function picture(seed: number, isFlat: boolean) {
  const values = drawn(seed, "picture", 128);
  return tensorOf(
    "float32",
    [...dims],
    isFlat ? values.map((value, i) => (i % 64 < 40 ? 0 : value)) : values,
  );
}

const activations = [
  "Relu",
  "Sigmoid",
  "HardSwish",
  "Elu",
  "Tanh",
  "LeakyRelu",
  "Softplus",
] as const;

test("right gradients are never called wrong, also on black ground, and seldom not known", async () => {
  let [unknown, all] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 1e6 }),
      fc.constantFrom(...activations),
      fc.boolean(),
      fc.constantFrom("x", "pool1", "conv2"),
      async (seed, activation, isFlat, value) => {
        const model = network(seed, activation);
        const traced = await model.at(dims);
        const request = { target: seed % 3, value };
        const plain = new PlainNetwork(model);
        const check = await checkDerivative(plain, traced, picture(seed, isFlat), request);
        expect(check.verdict).not.toBe("differs");
        if (check.verdict === "agrees") expect(check.error).toBeLessThan(0.1);
        else unknown += 1;
        all += 1;
      },
    ),
    { numRuns: 60 },
  );
  expect(unknown).toBeLessThan(0.05 * all);
});

/** A rule whose gradients are half of what they should be. */
function halved(operator: string): RuleTable {
  const right = rules[operator]!;
  return {
    [operator]: (n, b) =>
      right(n, b).map((gradient) => (gradient ? b.mul(gradient, b.scalar(0.5)) : null)),
  };
}

test("a score whose changes are lost in rounding is not called right", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 4, 4]);
  const mean = b.reduceMean(b.op("Relu", [x]), [1, 2, 3], false);
  const small = b.mul(mean, b.scalar(1e-3));
  b.output(b.reshape(b.add(small, b.scalar(1e6)), [1, 1]));
  const model = new Model(b.build(), runtime);
  const plain = new PlainNetwork(model);
  const seen = tensorOf("float32", [1, 1, 4, 4], drawn(2, "picture", 16));
  const traced = await model.at(seen.dims);
  const check = await checkDerivative(plain, traced, seen, { target: 0, value: "x" });
  expect(check.verdict).toBe("unknown");
});

test.each([
  ["Relu", "act2"],
  ["Add", undefined],
  ["MaxPool", "pool1"],
  ["Conv", "conv2"],
])("a wrong rule of %s is found, and its node named", async (operator, node) => {
  const model = network(4, "Relu");
  const traced = await model.at(dims);
  const request = { target: 1, value: "x", rules: halved(operator) };
  const plain = new PlainNetwork(model);
  const check = await checkDerivative(plain, traced, picture(4, false), request);
  expect(check.verdict).toBe("differs");
  const fault = await firstFault(plain, traced, picture(4, false), request);
  expect(fault?.operator).toBe(operator);
  if (node !== undefined) expect(fault?.outputs).toContain(node);
});

test.each(["Floor", "QuantizeLinear", "Round"])(
  "a score that is a staircase by %s is not called wrong",
  async (rounding) => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 1, 4, 4]);
    const step = b.scalar(0.4);
    const zero = b.scalar(128, "uint8");
    const stairs =
      rounding === "QuantizeLinear"
        ? b.op("DequantizeLinear", [b.op(rounding, [x, step, zero], {}, "stairs"), step, zero])
        : b.add(b.op(rounding, [b.mul(x, b.scalar(3))], {}, "stairs"), x);
    b.output(b.reshape(b.reduceMean(stairs, [1, 2, 3], false), [1, 1]));
    const model = new Model(b.build(), runtime);
    const plain = new PlainNetwork(model);
    const seen = tensorOf("float32", [1, 1, 4, 4], drawn(3, "picture", 16));
    const traced = await model.at(seen.dims);
    const check = await checkDerivative(plain, traced, seen, { target: 0, value: "x" });
    expect(check.verdict).not.toBe("differs");
    if (rounding !== "QuantizeLinear" && check.verdict === "agrees") return;
    expect(check.staircase?.operator).toBe(rounding);
    expect(checkedText({ forward: 0, derivative: check })).toContain("is a staircase");
  },
);
