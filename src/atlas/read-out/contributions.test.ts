import { expect, test } from "vitest";
import { loadGoldenModel, loadGoldenTensors } from "../../../test/goldens/load.ts";
import { observedLayers } from "../../activations/observed-layers.ts";
import { decodeOnnx } from "../../formats/onnx/decode.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensor, tensorOf, type Tensor } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { contributions } from "./contributions.ts";

const runtime = createNodeRuntime();
const [channels, classes] = [4, 3];
const random = randomStream("contributions");
const numbers = (count: number) => Array.from({ length: count }, () => random.normal());
const head = numbers(classes * channels);

/** Convolution, ReLU (`features`), mean over places, a dense head without bias. */
function headed(batch?: number): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [batch ?? 1, 3, 8, 8], "float32", [batch ?? "N", 3, 8, 8]);
  const w = b.initializer("w", tensorOf("float32", [channels, 3, 3, 3], numbers(27 * channels)));
  const features = b.op("Relu", [b.op("Conv", [x, w])], {}, "features");
  const pooled = b.op("Flatten", [b.op("GlobalAveragePool", [features])]);
  const dense = b.initializer("head", tensorOf("float32", [classes, channels], head));
  const logits = b.op("Gemm", [pooled, dense], { transB: 1 }, "logits");
  b.output(b.op("Softmax", [logits], { axis: -1 }, "probabilities"));
  return new Model({ ...b.build(), shapes: new Map() }, runtime);
}

const photo = tensor("float32", [1, 3, 8, 8], Float32Array.from(numbers(192)));
const features = { name: "features", shape: [1, channels, 6, 6] };

async function valueOf(model: Model, name: string, input: Tensor): Promise<Float32Array> {
  const dims = model.batchDims(input.dims);
  const data = new Float32Array(dims[0]! * input.data.length);
  for (let i = 0; i < dims[0]!; i++) data.set(input.data as Float32Array, i * input.data.length);
  const graph = await model.part([name], dims);
  const { [name]: value } = await runtime.run(graph, {
    [model.input.name]: tensor("float32", dims, data),
  });
  return (value!.data as Float32Array).slice(0, value!.data.length / dims[0]!);
}

test.each([undefined, 1, 2])(
  "before a linear head a channel adds its mean times its weight, batch %s",
  async (batch) => {
    const model = headed(batch);
    const [found] = await contributions(model, photo, [2, 0], [features]);
    const values = await valueOf(model, "features", photo);
    const means = Array.from(
      { length: channels },
      (_, c) => values.slice(36 * c, 36 * (c + 1)).reduce((sum, each) => sum + each, 0) / 36,
    );
    const wanted = [2, 0].flatMap((k) => means.map((mean, c) => mean * head[k * channels + c]!));
    expect(means.some((mean) => mean > 0.1)).toBe(true);
    for (const [i, each] of wanted.entries()) expect(found![i]).toBeCloseTo(each, 5);
  },
);

test("more classes than fit together are each in their place", async () => {
  const model = headed();
  const asked = Array.from({ length: 19 }, (_, i) => i % classes);
  const [many] = await contributions(model, photo, asked, [features]);
  const [each] = await contributions(model, photo, [0, 1, 2], [features]);
  for (const [i, k] of asked.entries())
    for (let c = 0; c < channels; c++)
      expect(many![i * channels + c]).toBeCloseTo(each![k * channels + c]!, 6);
});

test("of tokens, those without a place count too", async () => {
  const model = new Model(decodeOnnx(loadGoldenModel("vit")), runtime);
  const input = loadGoldenTensors("vit")["input"]!;
  const size = input.data.length / input.dims[0]!;
  const one = tensor(
    "float32",
    [1, ...input.dims.slice(1)],
    input.data.slice(0, size) as Float32Array,
  );
  const sums = observedLayers(await model.at(model.batchDims(one.dims)), []).filter(
    ({ layout }) => layout?.extraTokens === 1,
  );
  const last = sums.at(-1)!;
  const [found] = await contributions(model, one, [0], [last]);
  // Class tokens alone lead from the last block to the logits: without them all would be 0.
  expect(found!.some((each) => Math.abs(each) > 1e-3)).toBe(true);
});
