import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { gradient } from "./gradient.ts";

/** y = (x0 * x1, x2^2) of pictures [N, 1, 1, 3], and their softmax. */
function network() {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 1, 3], "float32", ["N", 1, 1, 3]);
  const [x0, x1, x2] = [0, 1, 2].map((i) => b.op("Flatten", [b.slice(x, [i], [i + 1], [3])]));
  const y = b.op("Concat", [b.mul(x0!, x1!), b.mul(x2!, x2!)], { axis: 1 }, "y");
  b.output(b.op("Softmax", [y], { axis: -1 }, "p"));
  return { ...b.build(), shapes: new Map() };
}

const runtime = createReferenceRuntime();
const input = tensorOf("float32", [2, 1, 1, 3], [2, 3, 5, -1, 4, 0.5]);

test("the gradient of the logit, in the shape of the input", async () => {
  const maps = await gradient(new Model(network(), runtime), input, { targets: [0, 1] });
  // A product of a zero may be -0, which is the same number.
  expect(maps.map((map) => Array.from(map.data, (number) => number + 0))).toEqual([
    [3, 2, 0],
    [0, 0, 1],
  ]);
  expect(maps[0]).toMatchObject({
    dims: [1, 1, 3],
    method: "gradient",
    target: 0,
    layer: "x",
    logit: 6,
    unit: "logit per input unit",
    warnings: [],
  });
});

test("the gradient of the probability, if that is asked for", async () => {
  const model = new Model(network(), runtime, { keepActivation: true });
  const [, map] = await gradient(model, input, { targets: [1] });
  const p = 1 / (1 + Math.exp(-4.25));
  const slope = p * (1 - p);
  expect(map!.data).toBeAllclose([-4 * slope, slope, slope]);
  expect(map!.unit).toBe("probability per input unit");
});
