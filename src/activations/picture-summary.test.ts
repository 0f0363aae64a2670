/** @file What pools may and may not do to zeros, seen through the summaries of layers. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { tensor } from "../graph/tensor.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { effectiveChannels, summarise } from "./picture-summary.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

const [channels, side] = [4, 6] as const;

function total(values: Int32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

test("a pool whose windows tile maps behind a ReLU never adds to the share of zeros, nor to dead channels", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, channels, side, side]);
  b.output(b.op("MaxPool", [x], { kernel_shape: [2, 2], strides: [2, 2] }, "y"));
  const graph = b.build();
  const count = channels * side * side;
  const maps = fc.array(fc.constantFrom(0, 0, 0, 0, 1, 2.5), {
    minLength: count,
    maxLength: count,
  });
  const kept = fc.integer({ min: 0, max: channels });
  await fc.assert(
    fc.asyncProperty(maps, kept, async (numbers, living) => {
      // Channels from `living` on are dead.
      const data = Float32Array.from(numbers, (v, i) => (i < living * side * side ? v : 0));
      const before = summarise(tensor("float32", [1, channels, side, side], data), 0);
      const feeds = { x: tensor("float32", [1, channels, side, side], data) };
      const after = summarise((await runtime.run(graph, feeds))["y"]!, 0);
      const places = [side * side, (side / 2) ** 2] as const;
      expect(total(after.zeros) / places[1]).toBeLessThanOrEqual(total(before.zeros) / places[0]);
      const deadIn = (zeros: Int32Array, all: number) => zeros.map((n) => (n === all ? 1 : 0));
      expect(deadIn(after.zeros, places[1])).toEqual(deadIn(before.zeros, places[0]));
      expect(after.maxima).toEqual(before.maxima);
    }),
    { numRuns: 60 },
  );
});

test("one active channel counts as one, all alike as all, none as none", () => {
  const of = (...means: number[]) =>
    effectiveChannels(summarise(tensor("float32", [1, means.length], Float32Array.from(means)), 0));
  expect(of(0, 5, 0)).toBe(1);
  expect(of(-2, 2, 2, 2)).toBe(4);
  expect(of(0, 0)).toBe(0);
  expect(of(3, 1)).toBeCloseTo(16 / 10, 12);
});
