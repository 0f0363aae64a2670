import { expect, test } from "vitest";
import { loadGoldenModel, loadGoldenTensors } from "../../../test/goldens/load.ts";
import { observedLayers } from "../../activations/observed-layers.ts";
import { decodeOnnx } from "../../formats/onnx/decode.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensor, tensorOf } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { contributions } from "../read-out/contributions.ts";
import { spokenFor } from "./cell-classes-job.ts";
import { placeEffects } from "./place-effects.ts";

const runtime = createNodeRuntime({ threads: 1 });
const random = randomStream("place effects");
const normal = (count: number) => Array.from({ length: count }, () => random.normal());
const head = normal(6);

/** `features` [N, 2, 4, 4] is the picture itself, read beside another branch; logits are means over places times `head`. */
function model(batch?: number): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [batch ?? 1, 3, 4, 4], "float32", [batch ?? "N", 3, 4, 4]);
  const w = b.initializer("w", tensorOf("float32", [2, 3, 1, 1], [1, 0, 0, 0, 1, 0]));
  const features = b.op("Conv", [x, w], {}, "features");
  const other = b.op("Conv", [
    x,
    b.initializer("w2", tensorOf("float32", [2, 3, 1, 1], normal(6))),
  ]);
  const both = b.op("Add", [features, b.op("Relu", [other])], {}, "both");
  const means = b.op("Flatten", [b.op("GlobalAveragePool", [both])]);
  const dense = b.initializer("head", tensorOf("float32", [2, 3], head));
  b.output(b.op("MatMul", [means, dense], {}, "logits"));
  return new Model({ ...b.build(), shapes: new Map() }, runtime);
}

test.each([undefined, 1, 3])(
  "where logits are linear, a place adds its numbers times the weights, batch %s",
  async (batch) => {
    const layer = { name: "features", shape: [1, 2, 4, 4], operator: "Conv", isConvolution: true };
    const inputs = [0, 1].map(() => tensor("float32", [1, 3, 4, 4], Float32Array.from(normal(48))));
    const places = [3, 14].map((place, i) => ({ input: inputs[i]!, place }));
    const found = await placeEffects(model(batch), layer, places);
    for (const [i, { input, place }] of places.entries())
      for (let k = 0; k < 3; k++) {
        const wanted = [0, 1].reduce(
          (sum, c) => sum + (input.data[c * 16 + place]! / 16) * head[c * 3 + k]!,
          0,
        );
        expect(found[i]![k]).toBeCloseTo(wanted, 4);
      }
  },
);

test("of tokens, the places together add what the channels do, but for tokens without a place", async () => {
  const vit = new Model(decodeOnnx(loadGoldenModel("vit")), runtime);
  const input = loadGoldenTensors("vit")["input"]!;
  const one = tensor(
    "float32",
    [1, ...input.dims.slice(1)],
    input.data.slice(0, input.data.length / input.dims[0]!) as Float32Array,
  );
  const layers = observedLayers(await vit.at(vit.batchDims(one.dims)), []);
  const convolution = layers.find(({ isConvolution }) => isConvolution)!;
  const [, , height = 1, width = 1] = convolution.shape;
  const places = Array.from({ length: height * width }, (_, place) => ({ input: one, place }));
  const effects = await placeEffects(vit, convolution, places);
  const [sums] = await contributions(vit, one, [0, 1], [convolution]);
  const channels = convolution.shape[1]!;
  for (const k of [0, 1]) {
    const all = effects.reduce((sum, each) => sum + each[k]!, 0);
    const wanted = sums!
      .subarray(k * channels, (k + 1) * channels)
      .reduce((sum, each) => sum + each, 0);
    // Attention bends between the two scales.
    expect(Math.abs(all - wanted)).toBeLessThan(0.02 * Math.max(Math.abs(wanted), 0.1));
  }
});

test("named are the classes of the largest means that lie 3 standard errors above 0", () => {
  const rows = [
    [5, 1, -3, 2, 3, 4, 1],
    [5.1, -1, -3, 2.1, 3.1, 4.1, 1.1],
  ].map((row) => Float32Array.from(row));
  expect(spokenFor(rows).map(([number]) => number)).toEqual([0, 5, 4, 3]);
  expect(spokenFor(rows.slice(0, 1))).toEqual([]);
  expect(spokenFor([])).toEqual([]);
});
