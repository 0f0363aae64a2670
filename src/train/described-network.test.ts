import { expect, test } from "vitest";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { elementCount, tensor, toNumbers, type Tensor } from "../graph/tensor.ts";
import { preprocessings } from "../image/preprocess.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { createWebRuntime } from "../runtime/onnxruntime-web.ts";
import { architectureNetwork } from "./architectures/index.ts";
import { describedNetwork } from "./described-network.ts";
import { metadataKeys } from "../graph/metadata.ts";
import { exportNetwork, roundedToHalf } from "./export.ts";
import { lossOf } from "./losses.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { adam } from "../optimize/adam.ts";
import { declareValues, startState } from "./step.ts";

const runtime = createNodeRuntime({ threads: 2 });
const web = await createWebRuntime({ provider: "wasm" });

/** What the network computes with its values fed, as evaluation does while training. */
async function logitsInTraining(network: TrainableNetwork, pictures: Tensor): Promise<number[]> {
  const b = new GraphBuilder();
  const input = b.input("pictures", pictures.dims);
  const design = { network, batchSize: pictures.dims[0]!, loss: lossOf(network) };
  const { logits } = network.build(b, input, declareValues(b, network), "inference");
  b.output(b.op("Identity", [logits], {}, "found"));
  const session = await runtime.open(b.build());
  const state = startState({ ...design, optimizer: adam() });
  const names = b.build().inputs.map(({ name }) => name);
  const feeds = Object.fromEntries(
    names.map((name) => [name, name === "pictures" ? pictures : state[name]!]),
  );
  return toNumbers((await session.run(feeds))["found"]!);
}

function parameterCount({ parameters }: TrainableNetwork): number {
  let count = 0;
  for (const { data } of parameters.values()) count += data.length;
  return count;
}

test.each([
  ["mnist", [1, 28, 28], 10, 1_199_882],
  ["cats-dogs", [3, 150, 150], 2, 3_453_121],
  // As Keras counts them without what batch normalisation remembers (25,636,712 with it).
  ["resnet50", [3, 224, 224], 1000, 25_583_592],
] as const)("%s has the parameters of its original", (name, input, classes, count) => {
  expect(parameterCount(architectureNetwork(name, { input, classes }))).toBe(count);
});

test("vgg16 has the parameters of its original", () => {
  const network = architectureNetwork("vgg16", { input: [3, 224, 224], classes: 1000 });
  expect(parameterCount(network)).toBe(138_357_544);
});

test("ready networks keep the layers' names of Keras", () => {
  const names = (name: "slim-vgg16" | "slim-resnet50") => {
    const network = architectureNetwork(name, { input: [3, 32, 32], classes: 3 });
    const graph = exportNetwork(network, network, {
      classes: ["a", "b", "c"],
      preprocessing: preprocessings.unit,
    });
    return graph.nodes.flatMap(({ outputs }) => outputs);
  };
  expect(names("slim-vgg16")).toEqual(
    expect.arrayContaining(["block1_conv1", "block5_conv3", "block5_pool"]),
  );
  expect(names("slim-resnet50")).toEqual(
    expect.arrayContaining(["conv1_relu", "conv2_block1_1_relu", "conv5_block2_out", "avg_pool"]),
  );
});

test.each(["mnist", "cats-dogs", "pets", "slim-vgg16", "slim-resnet50"] as const)(
  "%s exported and read again gives the logits that it has in training's evaluation",
  async (name) => {
    const input = name === "mnist" ? ([1, 28, 28] as const) : ([3, 64, 64] as const);
    const classes = ["cat", "dog"];
    const network = architectureNetwork(name, { input, classes: 2 }, 3);
    const graph = exportNetwork(network, network, { classes, preprocessing: preprocessings.unit });
    const read = decodeOnnx(encodeOnnx(graph).bytes);
    expect(JSON.parse(read.metadata.get(metadataKeys.classes)!)).toEqual(classes);
    const random = randomStream(1, "pictures");
    const length = 3 * elementCount(input);
    const pictures = tensor(
      "float32",
      [3, ...input],
      Float32Array.from({ length }, () => random.uniform()),
    );
    const wanted = await logitsInTraining(network, pictures);
    for (const exporting of [runtime, web]) {
      const model = new Model(read, exporting);
      // oxlint-disable-next-line no-await-in-loop -- one runtime after the other
      const session = await exporting.open(await model.at(pictures.dims));
      // oxlint-disable-next-line no-await-in-loop -- as above
      const found = toNumbers((await session.run({ input: pictures }))[model.explained]!);
      expect(found.length).toBe(3 * network.classes);
      for (const [i, logit] of found.entries()) {
        const scale = Math.max(1, Math.abs(wanted[i]!));
        expect(Math.abs(logit - wanted[i]!)).toBeLessThan(1e-5 * scale);
      }
    }
  },
);

test("half precision keeps probabilities within a thousandth", async () => {
  const network = architectureNetwork("mnist", { input: [1, 28, 28], classes: 10 });
  const options = { classes: ["0"], preprocessing: preprocessings.unit };
  const pictures = tensor("float32", [1, 1, 28, 28], new Float32Array(784).fill(0.5));
  const run = async (precision: "float32" | "float16") => {
    const graph = exportNetwork(network, network, { ...options, precision });
    const { bytes } = encodeOnnx(graph);
    const session = await runtime.open(decodeOnnx(bytes));
    const { probabilities } = await session.run({ input: pictures });
    return { size: bytes.length, numbers: toNumbers(probabilities!) };
  };
  const [whole, half] = [await run("float32"), await run("float16")];
  const rounded = exportNetwork(network, roundedToHalf(network), options);
  const session = await runtime.open(rounded);
  const { probabilities } = await session.run({ input: pictures });
  expect(half.numbers).toEqual(toNumbers(probabilities!));
  expect(half.size).toBeLessThan(0.51 * whole.size);
  for (const [i, value] of half.numbers.entries()) {
    expect(Math.abs(value - whole.numbers[i]!)).toBeLessThan(1e-3);
  }
});

test.each([
  [
    [{ type: "conv3d" }],
    /network: the type of a layer must be known, got "conv3d"\. did you mean conv2d/,
  ],
  [[{ type: "conv2d", filters: 8 }], /kernel of "conv2d" must be a positive whole number/],
  [[{ type: "conv2d", filters: 8, kernel: 3, filter: 1 }], /got "filter"/],
  [[{ type: "dense", units: 2 }], /"dense_1" must follow a layer with rows/],
  [
    [{ type: "conv2d", filters: 2, kernel: 9 }],
    /window of "conv2d_1" must fit its input, got 9 x 9 over 8 x 8/,
  ],
  [[{ type: "relu" }], /must end in a row of classes/],
  [
    [{ type: "flatten" }, { type: "dense", units: 3 }, { type: "sigmoid" }],
    /sigmoid must follow one unit/,
  ],
  [
    [
      { type: "relu", name: "a" },
      { type: "relu", name: "a" },
    ],
    /names of layers must differ/,
  ],
  [
    [{ type: "residual", layers: [{ type: "maxPool" }] }],
    /what "residual_1" joins must have one shape, got \[1, 3, 4, 4\] and \[1, 3, 8, 8\]/,
  ],
  [[], /must have layers/],
] as const)("a description that cannot be built says why: %j", (layers, message) => {
  expect(() => describedNetwork({ input: [3, 8, 8], layers })).toThrow(message);
});

test("the seed alone decides how a network begins", () => {
  const kernel = (seed: number) =>
    architectureNetwork("mnist", { input: [1, 28, 28], classes: 10 }, seed).parameters.get(
      "conv1/kernel",
    );
  expect(kernel(1)).toEqual(kernel(1));
  expect(kernel(1)).not.toEqual(kernel(2));
});

test.each([
  [2 ** 31, "dense"],
  [2 ** 26, "dense"],
  [2 ** 31, "globalAvgPool"],
])("layers that no memory holds are refused by name: padding of %d before %s", (padding, end) => {
  const layers = [
    { type: "conv2d", name: "wide", filters: 2, kernel: 3, padding },
    ...(end === "dense" ? [{ type: "flatten" }] : [{ type: end }]),
    { type: "dense", units: 2 },
  ];
  expect(() => describedNetwork({ input: [1, 8, 8], layers })).toThrow(
    /^network: "wide" must give at most 268435456 numbers a picture, got \[1, 2, \d+/,
  );
});
