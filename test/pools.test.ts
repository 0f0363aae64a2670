/** @file Pools of any form: what ONNX Runtime computes of them, and of their gradients, is what the reference does. */
import { assert, asyncProperty } from "fast-check";
import { afterAll, expect, test } from "vitest";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { drawnPools, isRight, poolOperators } from "./drawn-pools.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

test.each(poolOperators)(
  "any %s has the values and the gradient of the reference",
  async (operator) => {
    let [right, all] = [0, 0];
    const property = asyncProperty(drawnPools(operator), async (pool) => {
      all++;
      if (await isRight(runtime, pool)) right++;
    });
    await assert(property, { numRuns: 100 });
    expect(right).toBeGreaterThan(0.7 * all);
  },
);
