/** @file Steps between places against the strides of drawn convolutions. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { receptiveFields } from "../../activations/receptive-field.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { Model } from "../../network/model.ts";
import { placeStep } from "./place-step.ts";

const layer = fc.record({
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  pad: fc.integer({ min: 0, max: 1 }),
});

test("is the product of the strides where fields are smaller than the picture", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 3 }), async (layers) => {
      const b = new GraphBuilder();
      let value = b.input("x", [1, 1, 64, 48]);
      for (const [i, { kernel, stride, pad }] of layers.entries()) {
        const weights = b.constant(Array<number>(kernel * kernel).fill(1), [1, 1, kernel, kernel]);
        const options = { strides: [stride, stride], pads: [pad, pad, pad, pad] };
        value = b.op(
          "Conv",
          [value, weights],
          options,
          i === layers.length - 1 ? "map" : undefined,
        );
      }
      b.output(b.reduceMean(value, [2, 3], false));
      const model = new Model({ ...b.build(), shapes: new Map() }, createReferenceRuntime());
      const graph = await model.whole(model.inputDims());
      const [, , height, width] = graph.shapes.get("map")!.dims as [number, number, number, number];
      const step = placeStep(
        receptiveFields(graph, "map"),
        { height: 64, width: 48 },
        { height, width },
      );
      const product = layers.reduce((all, { stride }) => all * stride, 1);
      expect(step).toEqual({ x: product, y: product });
    }),
    { numRuns: 60 },
  );
});

test("is even where every place sees the whole picture", () => {
  const whole = () => ({ left: 0, top: 0, widthPx: 224, heightPx: 112 });
  const step = placeStep(whole, { height: 112, width: 224 }, { height: 7, width: 7 });
  expect(step).toEqual({ x: 32, y: 16 });
});
