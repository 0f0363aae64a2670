/** @file The deepest and the last feature map, however a network enlarges its maps and makes its classes. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { mapStages } from "./map-stages.ts";
import { Model } from "./model.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

const drawn = fc.record({
  /** Channels of each map that halves the sides. */
  encoder: fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 3 }),
  /** How each map that doubles them is made. */
  decoder: fc.array(fc.constantFrom("transposed", "resized"), { maxLength: 2 }),
  classes: fc.integer({ min: 2, max: 5 }),
  head: fc.constantFrom("convolution", "transposed", "scores enlarged", "sum of scores enlarged"),
});

test("classes are made by the last weights that read features, and enlarged by others", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ encoder, decoder, classes, head }) => {
      const b = new GraphBuilder();
      const channelsOf = new Map<Value, number>();
      const kernel = (...dims: number[]) => b.fill(dims, 0.1);
      const made = (value: Value, channels: number) => (channelsOf.set(value, channels), value);
      const convolved = (x: Value, to: number, side: number, attributes = {}) =>
        made(b.op("Conv", [x, kernel(to, channelsOf.get(x)!, side, side)], attributes), to);
      const transposed = (x: Value, to: number) =>
        made(
          b.op("ConvTranspose", [x, kernel(channelsOf.get(x)!, to, 2, 2)], { strides: [2, 2] }),
          to,
        );
      const activated = (x: Value, name: string) =>
        made(b.op("Relu", [x], {}, name), channelsOf.get(x)!);

      let x = made(b.input("x", [1, 3, 32, 32]), 3);
      let last = "";
      for (const [i, channels] of encoder.entries()) {
        const down = { strides: [2, 2], pads: [0, 0, 1, 1] };
        x = activated(convolved(x, channels, 3, down), (last = `down${i}`));
      }
      const bottleneck = last;
      const width = encoder.at(-1)!;
      for (const [i, how] of decoder.entries()) {
        const scales = b.constant([1, 1, 2, 2], [4]);
        const enlarged =
          how === "transposed"
            ? transposed(x, width)
            : convolved(made(b.op("Resize", [x, null, scales]), width), width, 1);
        x = activated(enlarged, (last = `up${i}`));
      }
      const scores = () => convolved(x, classes, 1);
      const logits = {
        convolution: scores,
        transposed: () => transposed(x, classes),
        "scores enlarged": () => transposed(transposed(scores(), classes), classes),
        "sum of scores enlarged": () =>
          transposed(made(b.add(scores(), scores()), classes), classes),
      }[head]();
      b.output(logits);
      const model = new Model({ ...b.build(), shapes: new Map() }, runtime);
      expect(mapStages(await model.whole(model.inputDims()), model.head.logits)).toEqual({
        last,
        bottleneck: decoder.length > 0 ? bottleneck : undefined,
      });
    }),
    { numRuns: 150 },
  );
});
