/** @file The peak of class activation maps against the place of a planted square, however convolutions are padded. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { GraphBuilder, type Value } from "../../graph/builder.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { describeMap } from "../diagnosis/describe-map.ts";
import { gradCam } from "./grad-cam.ts";
import { guidedGradCam } from "./guided-grad-cam.ts";
import { scoreCam } from "./score-cam.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const side = 60;
const square = 8;

const layer = fc.record({
  kernel: fc.constantFrom(3, 5, 7),
  stride: fc.constantFrom(1, 1, 1, 2),
  padding: fc.constantFrom("none", "even", "before", "behind"),
});

interface Layer {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: string;
}

function padsOf(padding: string, reach: number): readonly number[] {
  if (padding === "none") return [0, 0, 0, 0];
  if (padding === "even") return Array<number>(4).fill(reach / 2);
  return padding === "before" ? [reach, reach, 0, 0] : [0, 0, reach, reach];
}

/** Means of windows, rectified, whose mean is the logit; before them the picture may be mirrored. */
function network(layers: readonly Layer[], isMirrored = false): Model {
  const b = new GraphBuilder();
  let x: Value = b.input("x", [1, 1, side, side]);
  if (isMirrored) x = b.op("Slice", [x, b.ints([-1]), b.ints([-1e9]), b.ints([3]), b.ints([-1])]);
  for (const { kernel, stride, padding } of layers) {
    const around = padsOf(padding, kernel - 1);
    const weights = b.fill([2, x.dims[1]!, kernel, kernel], 1 / kernel ** 2);
    x = b.op("Conv", [x, weights], { pads: around, strides: [stride, stride] });
    x = b.op("Relu", [x]);
  }
  const mean = b.op("Flatten", [b.op("GlobalAveragePool", [x])]);
  b.output(b.op("Gemm", [mean, b.constant([1, 0, 1, 0], [2, 2])]));
  return new Model(b.build(), runtime);
}

/** A bright square around a place. */
function planted(left: number, top: number) {
  const data = Float32Array.from({ length: side ** 2 }, (_, i) => {
    const [x, y] = [(i % side) - left, Math.floor(i / side) - top];
    return x >= 0 && x < square && y >= 0 && y < square ? 1 : 0;
  });
  return tensorOf("float32", [1, 1, side, side], data);
}

const place = fc.integer({ min: 21, max: side - 21 - square });

test("maps are largest where the square is, and Guided Grad-CAM is not 0 there", async () => {
  const drawn = fc.tuple(
    fc.array(layer, { minLength: 1, maxLength: 3 }),
    place,
    place,
    fc.boolean(),
  );
  await fc.assert(
    fc.asyncProperty(drawn, async ([layers, left, top, isMirrored]) => {
      const [model, input] = [network(layers, isMirrored), planted(left, top)];
      const steps = layers.reduce((step, { stride }) => step * stride, 1);
      // The first of the largest: of windows that all hold the square, or lie in it, one at the border.
      const reach = layers.reduce(
        ({ sum, step }, { kernel, stride }) => ({
          sum: sum + (kernel - 1) * step,
          step: step * stride,
        }),
        { sum: 1, step: 1 },
      ).sum;
      const within = (Math.abs(reach - square) / 2 + steps) / side + 1e-6;
      const middle = { x: (left + square / 2) / side, y: (top + square / 2) / side };
      for (const method of [gradCam, scoreCam]) {
        const [map] = await method(model, input, { targets: [0] });
        const { x, y } = describeMap(map!).maximum;
        expect(Math.abs(x - middle.x)).toBeLessThanOrEqual(within);
        expect(Math.abs(y - middle.y)).toBeLessThanOrEqual(within);
      }
      const [guided] = await guidedGradCam(model, input, { targets: [0] });
      const at = Math.floor(middle.y * side) * side + Math.floor(middle.x * side);
      expect(guided!.data[at]).toBeGreaterThan(0);
    }),
    { numRuns: 8 },
  );
});
