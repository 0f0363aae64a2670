import * as fc from "fast-check";
import { expect, test } from "vitest";
import { gradCam } from "../attribution/cam/grad-cam.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, toFloat32 } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { explainedModelOf } from "../scores/explained-model.ts";
import { Model } from "./model.ts";
import { isChannelsLast } from "./layer-axes.ts";

const runtime = createNodeRuntime();
const [height, width, filters, classes] = [9, 13, 4, 3];

/** Convolution, ReLU, and a head over all places; as networks for TensorFlow end, with the channels behind the places. */
function network(seed: number, isLast: boolean, ways: readonly string[], head: string): Graph {
  const random = randomStream("layer axes", seed);
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const b = new GraphBuilder();
  const kernel = b.constant(numbers(filters * 27), [filters, 3, 3, 3]);
  const pads = { kind: "ints", value: [1, 1, 1, 1] } as const;
  const x = b.input("x", [1, 3, height, width]);
  const made = b.op("Relu", [b.op("Conv", [x, kernel], { pads: pads.value }, "conv")], {}, "relu");
  let value: Value = isLast ? b.op("Transpose", [made], { perm: [0, 2, 3, 1] }, "turned") : made;
  for (const [i, operator] of ways.entries()) value = b.op(operator, [value], {}, `way-${i}`);
  const last = b.op("Identity", [value], {}, "last");
  const weights = numbers(filters * classes);
  const places = isLast ? [1, 2] : [2, 3];
  const row =
    head === "Mean"
      ? b.reduceMean(last, places, false)
      : b.op("ReduceMax", [last, b.ints(places)], { keepdims: 0 });
  b.output(b.op("MatMul", [row, b.constant(weights, [filters, classes])], {}, "y"));
  return b.build();
}

const draws = fc.record({
  seed: fc.nat(1000),
  ways: fc.array(fc.constantFrom("Relu", "Softplus", "Sqrt", "Abs"), { maxLength: 3 }),
  head: fc.constantFrom("Mean", "Max"),
});

test("maps of layers with their channels behind are those of the same network with them before", async () => {
  await fc.assert(
    fc.asyncProperty(draws, async ({ seed, ways, head }) => {
      const random = randomStream("layer axes picture", seed);
      const data = Float32Array.from({ length: 3 * height * width }, () => random.normal());
      const picture = tensor("float32", [1, 3, height, width], data);
      const [last, second] = [true, false].map(
        (isLast) => new Model(network(seed, isLast, ways, head), runtime),
      ) as [Model, Model];
      expect(isChannelsLast(await last.at(picture.dims), "last")).toBe(true);
      expect(isChannelsLast(await second.at(picture.dims), "last")).toBe(false);
      const [one, other] = await Promise.all(
        [last, second].map((model) => gradCam(model, picture, { targets: [1], layer: "last" })),
      );
      expect(one![0]!.data).toBeAllclose(other![0]!.data, { rtol: 1e-3, atol: 1e-5 });
    }),
    { numRuns: 25 },
  );
});

test("a unit of such a layer is a channel, and the layer as maps has its channels second", async () => {
  const model = new Model(network(1, true, ["Relu"], "Mean"), runtime);
  const part = await model.maps(["turned", "last"], [1, 3, height, width]);
  expect(part.shapes.get("last")!.dims).toEqual([1, filters, height, width]);
  const data = Float32Array.from({ length: 3 * height * width }, (_, i) => Math.sin(i));
  const picture = tensor("float32", [1, 3, height, width], data);
  const values = await runtime.run(part, { x: picture });
  const target = { kind: "unit", layer: "last", channel: 2, place: [4, 11] } as const;
  const { model: unit } = await explainedModelOf(model, target, picture.dims);
  const traced = await unit.at(picture.dims);
  const { [unit.explained]: found } = await runtime.run(traced, { x: picture });
  const at = (2 * height + 4) * width + 11;
  expect(toFloat32(found!)[0]).toBeCloseTo(toFloat32(values["last"]!)[at]!, 5);
});
