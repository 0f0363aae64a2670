/** @file The maps that feed heads of each kind, of drawn networks. */
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { detectorKinds } from "../../test/detector-graphs.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { headScales } from "./head-scales.ts";
import { Model } from "./model.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

describe("the maps that feed a head", () => {
  test.each(Object.entries(detectorKinds))("of %s", async (_, make) => {
    const designs = fc.record({
      seed: fc.nat(1e6),
      sidePx: fc.constantFrom(64, 96),
      scales: fc.constantFrom(2, 3),
    });
    const property = fc.asyncProperty(designs, async (design) => {
      const { graph, fed } = make(design);
      const model = new Model({ ...graph, shapes: new Map() }, runtime);
      expect(headScales(await model.whole(model.inputDims()))).toEqual(fed);
    });
    await fc.assert(property, { numRuns: 5 });
  });

  test("are none where there are none", async () => {
    const b = new GraphBuilder();
    const flat = b.op("Flatten", [b.input("x", [1, 1, 4, 4])]);
    b.output(b.op("MatMul", [flat, b.constant(Array<number>(32).fill(1), [16, 2])]));
    const model = new Model(b.build(), runtime);
    expect(headScales(await model.whole([1, 1, 4, 4]))).toEqual([]);
  });
});
