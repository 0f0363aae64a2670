import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { tensor, toNumbers, type Tensor } from "../graph/tensor.ts";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { Model } from "../network/model.ts";
import { preprocessings } from "../image/preprocess.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import type { Batch, BatchSource } from "./data/batch-source.ts";
import { describedNetwork } from "./described-network.ts";
import { exportNetwork } from "./export.ts";
import { fineTunedNetwork } from "./fine-tune.ts";
import { lossOf } from "./losses.ts";
import { adam } from "../optimize/adam.ts";
import { constant } from "./schedules.ts";
import { train } from "./train.ts";

const runtime = createNodeRuntime({ threads: 2 });
const input = [1, 8, 8] as const;

/** A described network with batch normalisation, exported and read again. */
function exported(classes: number): Model {
  const network = describedNetwork({
    input,
    layers: [
      { type: "conv2d", name: "first", filters: 4, kernel: 3, activation: "relu" },
      { type: "batchNorm", name: "norm" },
      { type: "conv2d", name: "second", filters: 6, kernel: 3, activation: "relu" },
      { type: "globalAvgPool", name: "pooled" },
      { type: "dense", name: "logits", units: classes },
    ],
  });
  const names = Array.from({ length: Math.max(classes, 2) }, (_, i) => `class ${i}`);
  const graph = exportNetwork(network, network, {
    classes: names,
    preprocessing: preprocessings.unit,
  });
  return new Model(decodeOnnx(encodeOnnx(graph).bytes), runtime);
}

/** Pictures whose class is the half that is bright. */
function halves(count: number): BatchSource {
  const random = randomStream("halves");
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const data = Float32Array.from({ length: count * 64 }, (_, at) => {
    const isUpper = at % 64 < 32;
    return random.uniform() * 0.5 + (isUpper === (labels[Math.floor(at / 64)] === 0) ? 0.5 : 0);
  });
  const batch: Batch = {
    pictures: tensor("float32", [count, ...input], data),
    labels,
    indices: labels.map((_, i) => i),
  };
  return {
    batchesPerEpoch: 1,
    skipped: [],
    async *batches() {
      await Promise.resolve();
      yield batch;
    },
  };
}

async function fitted(model: Model, units: number, freezeUpTo?: string) {
  const { network, frozen } = await fineTunedNetwork(model, {
    batchSize: 8,
    units,
    ...(freezeUpTo === undefined ? {} : { freezeUpTo }),
  });
  const source = halves(8);
  const result = await train(network, runtime, {
    training: source,
    heldOut: source,
    batchSize: 8,
    loss: lossOf(network),
    optimizer: adam(),
    schedule: constant(0.02),
    epochs: 60,
    frozen,
    clock: () => 0,
  });
  return { network, frozen, result };
}

test("with its own classes a model begins where it is and learns on", async () => {
  const model = exported(2);
  const { network, result } = await fitted(model, 2);
  expect(network.parameters.get("logits/kernel")).toEqual(
    model.graph.initializers.get("logits/kernel"),
  );
  const [first, last] = [result.history[0]!, result.history.at(-1)!];
  expect(last.heldOut.loss).toBeLessThan(0.5 * first.heldOut.loss);
  expect(last.heldOut.accuracy).toBe(1);
});

test("the part that is frozen keeps its numbers, the rest changes", async () => {
  const { network, frozen, result } = await fitted(exported(2), 2, "norm");
  expect([...frozen].sort()).toEqual(["first/bias", "first/kernel", "norm/offset", "norm/scale"]);
  const moved = (name: string) => {
    const before = toNumbers(network.parameters.get(name)!);
    return toNumbers(result.final.parameters.get(name)!).some((value, i) => value !== before[i]);
  };
  expect(moved("first/kernel")).toBe(false);
  expect(moved("second/kernel")).toBe(true);
});

test.each([1, 3])(
  "other classes (%i units) get a new last layer, and the export keeps the layers",
  async (units) => {
    const { network, result } = await fitted(exported(5), units);
    expect(network.parameters.get("logits/kernel")!.dims).toEqual([6, units]);
    expect(result.history.at(-1)!.heldOut.accuracy).toBe(1);
    const graph = exportNetwork(network, result.best, {
      classes: ["upper", "lower"],
      preprocessing: preprocessings.unit,
    });
    expect(graph.nodes.flatMap(({ outputs }) => outputs)).toEqual(
      expect.arrayContaining(["first", "second", "pooled"]),
    );
    const session = await runtime.open(decodeOnnx(encodeOnnx(graph).bytes));
    const probabilities = (await session.run({ input: await pictures() }))["probabilities"]!;
    expect(probabilities.dims).toEqual([8, units]);
  },
);

async function pictures(): Promise<Tensor> {
  for await (const batch of halves(8).batches(0)) return batch.pictures;
  throw new Error("no batch");
}

test("a model without weights, and an unknown layer, say so", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, 4, 4]);
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [x])], {}, "means"));
  const model = new Model(b.build(), runtime);
  await expect(fineTunedNetwork(model, { batchSize: 1, units: 2 })).rejects.toThrow(
    /the model must have weights/,
  );
  await expect(fineTunedNetwork(model, { batchSize: 1, units: 3 })).rejects.toThrow(
    /must end in a convolution or a dense layer/,
  );
  await expect(
    fineTunedNetwork(exported(2), { batchSize: 1, units: 2, freezeUpTo: "nowhere" }),
  ).rejects.toThrow(/nowhere/);
});
