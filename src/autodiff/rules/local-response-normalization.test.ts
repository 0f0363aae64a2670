/** @file Local response normalisation in other words against ONNX Runtime's own node. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensor, toNumbers } from "../../graph/tensor.ts";
import { randomStream } from "../../random.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { localResponse } from "./local-response-normalization.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const settings = fc.record({
  channels: fc.integer({ min: 1, max: 9 }),
  // ONNX Runtime takes odd sizes alone.
  size: fc.constantFrom(1, 3, 5, 7),
  alpha: fc.double({ min: 1e-5, max: 2, noNaN: true }),
  beta: fc.constantFrom(0.75, 0.5, 1, 0.3),
  bias: fc.double({ min: 0.5, max: 3, noNaN: true }),
});

test("is the node, whatever its attributes", async () => {
  await fc.assert(
    fc.asyncProperty(settings, async ({ channels, ...attributes }) => {
      const dims = [2, channels, 3, 4];
      const network = new GraphBuilder();
      network.output(network.op("LRN", [network.input("x", dims)], attributes, "y"));
      const graph = network.build();
      const b = new GraphBuilder();
      const x = b.input("picture", dims);
      const bound = new Map([["x", x]]);
      for (const forms of [{}, { LRN: localResponse }])
        b.output(b.embed(graph, bound, forms).get("y")!);
      const session = await runtime.open(b.build());
      const random = randomStream("local-response", channels);
      const data = Float32Array.from({ length: 24 * channels }, () => 3 * random.normal());
      const [own = [], other = []] = Object.values(
        await session.run({ picture: tensor("float32", dims, data) }),
      ).map(toNumbers);
      await session.release();
      for (const [i, value] of own.entries()) expect(other[i]).toBeCloseTo(value, 4);
    }),
    { numRuns: 40 },
  );
});
