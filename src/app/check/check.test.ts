/** @file A check says what a network is taken for, and finds a rule that is wrong. */
import * as v from "valibot";
import { afterEach, expect, test } from "vitest";
import type { GradientRule } from "../../autodiff/rule.ts";
import { rules } from "../../autodiff/rules/index.ts";
import { otherRules } from "../../autodiff/rules/others.ts";
import { usualRules } from "../../autodiff/rules/usual.ts";
import { encodeOnnx } from "../../formats/onnx/encode.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { randomStream } from "../../random.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { libraryWords } from "../../wording/face.ts";
import type { JobContext } from "../context.ts";
import { jobPlatform } from "../job-platform.ts";
import { memoryPlatform } from "../memory-platform.ts";
import { check, requireRight } from "./check.ts";
import { checkSchema } from "./schema.ts";

/** Conv, ReLU, MaxPool, Conv, ReLU, mean, dense, softmax. */
function network(): Uint8Array {
  const b = new GraphBuilder();
  const random = randomStream("check test");
  const weights = (...dims: number[]) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return b.constant(
      Array.from({ length: count }, () => random.normal() / 3),
      dims,
    );
  };
  const x = b.input("x", [1, 3, 12, 12]);
  const first = b.op("Relu", [b.op("Conv", [x, weights(4, 3, 3, 3)])], {}, "act1");
  const pooled = b.op("MaxPool", [first], { kernel_shape: [2, 2], strides: [2, 2] }, "pool1");
  const second = b.op("HardSwish", [b.op("Conv", [pooled, weights(5, 4, 3, 3)])], {}, "act2");
  const row = b.op("Flatten", [b.op("GlobalAveragePool", [second])]);
  const logits = b.op("MatMul", [row, weights(5, 3)], {}, "logits");
  b.output(b.op("Softmax", [logits], { axis: 1 }, "y"));
  return encodeOnnx(b.build()).bytes;
}

function context(): JobContext {
  const platform = memoryPlatform({
    files: { "m.onnx": network() },
    runtimes: { cpu: createNodeRuntime({ threads: 1 }) },
  });
  return {
    platform: jobPlatform(platform),
    signal: { aborted: false },
    offline: true,
    words: libraryWords,
  };
}

const right = { ...rules };

/** Gives an operator another rule, wherever rules are looked up. */
function replaceRule(operator: string, rule: GradientRule): void {
  for (const table of [rules, usualRules, otherRules] as Record<string, GradientRule>[]) {
    if (Object.hasOwn(table, operator)) table[operator] = rule;
  }
}
afterEach(() => {
  for (const [operator, rule] of Object.entries(right)) replaceRule(operator, rule);
});

test("a right network: what it is, and that all agrees", async () => {
  const record = v.parse(checkSchema, await check({ model: "m.onnx", runtime: "cpu" }, context()));
  expect(record).toMatchObject({
    input: { name: "x", shape: [1, 3, 12, 12], layout: "channels first" },
    explained: { output: "y", kind: "classes", activation: "softmax" },
    picture: null,
    layers: 3,
    missing: [],
  });
  expect(record.findings.map(({ what, verdict }) => [what, verdict])).toEqual([
    ["forward", "ok"],
    ["repeat", "ok"],
    ["gradient", "ok"],
    ["layer-gradient", "ok"],
  ]);
  // That is of detectors alone.
  expect(record.methods.filter(({ reason }) => reason !== null).map(({ name }) => name)).toEqual([
    "d-rise",
  ]);
  expect(() => requireRight(record)).not.toThrow();
});

test.each(["Relu", "MaxPool", "HardSwish", "Conv"])(
  "a wrong rule of %s is found and named",
  async (operator) => {
    replaceRule(operator, (n, b) =>
      right[operator]!(n, b).map((gradient) => (gradient ? b.mul(gradient, b.scalar(1.4)) : null)),
    );
    const record = await check({ model: "m.onnx", runtime: "cpu" }, context());
    const wrong = record.findings.filter(({ verdict }) => verdict === "wrong");
    expect(wrong.map(({ what }) => what)).toContain("gradient");
    expect(wrong[0]!.text).toContain(`first at ${operator} (`);
    expect(() => requireRight(record)).toThrow(/wrong: gradient/);
  },
);
