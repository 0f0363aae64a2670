/** @file Segmenters and detectors that are trained: they learn, go on where they stopped, are judged truly and open as models. */
import { beforeAll, describe, expect, test } from "vitest";
import { shapeScenes } from "../drawn/shapes.ts";
import { meanOverlap } from "../evaluate/places.ts";
import { encodeSafetensors } from "../formats/safetensors.ts";
import { tensor, toNumbers } from "../graph/tensor.ts";
import type { DataSplit } from "../image/dataset.ts";
import { preprocessings } from "../image/preprocess.ts";
import { detectionsOf } from "../network/detection/detections.ts";
import { Model } from "../network/model.ts";
import { adam } from "../optimize/adam.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { architectureNetwork } from "./architectures/index.ts";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { batchSource } from "./data/batches.ts";
import { describedNetwork } from "./described-network.ts";
import { openEvaluator, type Evaluation } from "./evaluate.ts";
import { exportNetwork } from "./export.ts";
import { lossOf } from "./losses.ts";
import { constant } from "./schedules.ts";
import { startState } from "./step.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { train, type TrainingResult, type TrainOptions } from "./train.ts";

const runtime = createNodeRuntime({ threads: 1 });
const dims = [3, 32, 32] as const;
const sizes = { training: 20, heldOut: 7 };

const conv = (filters: number, stride: number) => ({
  type: "conv2d",
  filters,
  kernel: 3,
  stride,
  padding: 1,
  activation: "relu",
});

/** Small networks and their data. */
const kinds: Readonly<Record<string, { readonly data: DataSplit; network(): TrainableNetwork }>> = {
  segmenter: {
    data: shapeScenes("places", 2, dims, sizes),
    network: () =>
      describedNetwork({
        input: dims,
        answers: "places",
        layers: [conv(8, 2), { type: "upsample" }, { type: "conv2d", filters: 4, kernel: 1 }],
      }),
  },
  detector: {
    data: shapeScenes("boxes", 2, dims, sizes),
    network: () =>
      describedNetwork({
        input: dims,
        layers: [conv(8, 2), conv(12, 2), conv(16, 2)],
        scales: [[], [conv(16, 2)]],
        objectClasses: 3,
      }),
  },
};

function options({ training, heldOut }: DataSplit, network: TrainableNetwork): TrainOptions {
  return {
    training: batchSource(training, { batch: 8, seed: 1, shuffle: true }),
    heldOut: batchSource(heldOut, { batch: 8 }),
    batchSize: 8,
    loss: lossOf(network, {}, training.labelForm),
    optimizer: adam(),
    schedule: constant(0.01),
    epochs: 4,
    clock: () => 0,
  };
}

describe.each(Object.entries(kinds))("a %s", (_, { data, network: make }) => {
  const network = make();
  let result: TrainingResult;
  let evaluation: Evaluation;
  const checkpoints: Uint8Array[] = [];

  beforeAll(async () => {
    result = await train(network, runtime, {
      ...options(data, network),
      checkpoints: { everyMs: 0, save: (state) => void checkpoints.push(encodeCheckpoint(state)) },
      onEpoch: (__, made) => void (evaluation = made),
    });
  });

  test("learns", () => {
    const losses = result.history.map(({ training }) => training.loss);
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
    for (const { heldOut } of result.history) {
      expect(heldOut.quality).toBeGreaterThanOrEqual(0);
      expect(heldOut.quality).toBeLessThanOrEqual(1);
    }
  });

  test("ends in the same bytes from a checkpoint in the middle", async () => {
    const resume = decodeCheckpoint(checkpoints[4]!);
    expect(resume.batch).toBeGreaterThan(0);
    const again = await train(network, runtime, { ...options(data, network), resume });
    const bytesOf = ({ final }: TrainingResult) =>
      encodeSafetensors(Object.fromEntries([...final.parameters, ...final.memory]));
    expect(bytesOf(again)).toEqual(bytesOf(result));
  });

  test("tells every picture once, whatever the batches", async () => {
    expect(evaluation.answers!.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(evaluation.examples).toBe(7);
    const { loss } = options(data, network);
    const evaluator = await openEvaluator(runtime, { network, batchSize: 3, loss });
    const state = startState({ network: { ...network, ...result.final }, optimizer: adam() });
    const other = await evaluator.evaluate(state, batchSource(data.heldOut, { batch: 3 }));
    await evaluator.release();
    expect(other.confusion).toEqual(evaluation.confusion);
    expect(other.loss).toBeCloseTo(evaluation.loss, 5);
    expect(other.quality!.value).toBeCloseTo(evaluation.quality!.value, 6);
  });

  test("gives as a model what it gave when it was judged", async () => {
    const preprocessing = { ...preprocessings.unit, cropShare: 1 };
    const { classes } = data.training;
    const graph = exportNetwork(network, result.final, { classes, preprocessing });
    const model = new Model(graph, runtime);
    const { picture, labels } = await data.heldOut.read(3);
    const input = tensor("float32", [1, ...dims], picture);
    const { answer } = evaluation.answers![3]!;
    if (answer.kind === "places") {
      const whole = await model.whole([1, ...dims]);
      const results = await runtime.run(whole, { input });
      const z = toNumbers(results["probabilities"]!);
      const places = dims[1] * dims[2];
      for (const [p, found] of answer.found.entries()) {
        const all = [0, 1, 2, 3].map((c) => z[c * places + p]!);
        expect(all[found]).toBe(Math.max(...all));
      }
      expect(answer.labels).toEqual(labels);
      expect(meanOverlap(evaluation.confusion).value).toBe(evaluation.quality!.value);
    } else {
      const wanted = { confidence: 0.02, overlap: 0.5 };
      const [found] = await detectionsOf(model, input, wanted);
      const judged = answer.found.filter(({ score }) => score >= 0.02);
      const key = (box: { class: number; left: number; score: number }) =>
        [box.class, box.left.toFixed(2), box.score.toFixed(4)].join();
      const known = new Set(judged.map(key));
      expect(found!.length).toBeGreaterThan(0);
      for (const box of found!) expect(known).toContain(key(box));
    }
  });
});

describe("what does not fit", () => {
  const classifier = architectureNetwork("mnist", { input: [3, 32, 32], classes: 3 });

  test("labels of places, and a network of classes", () => {
    expect(() => lossOf(classifier, {}, { kind: "places", dims: [32, 32] })).toThrow(
      "a network that tells class must be given labels of such, got labels of places",
    );
  });

  test("a segmenter that ends at another size", () => {
    const layers = [{ type: "conv2d", filters: 4, kernel: 3, stride: 2 }];
    expect(() => describedNetwork({ input: dims, answers: "places", layers })).toThrow(
      "a segmenter must end in two classes or more at every place, [N, classes, 32, 32], got [1, 4, 15, 15]",
    );
  });

  test("a detector with a map that is no whole number of times smaller", () => {
    const layers = [{ type: "conv2d", filters: 4, kernel: 3 }];
    expect(() => describedNetwork({ input: dims, layers, scales: [[]] })).toThrow(
      "scale 1 must end in a map a whole number of times smaller than the 32 x 32 picture, got [1, 4, 30, 30]",
    );
    expect(() => describedNetwork({ input: dims, layers, scales: [] })).toThrow("must have scales");
  });

  test("augmentation, which would move pictures and not their labels", () => {
    const { training } = kinds["segmenter"]!.data;
    expect(() => batchSource(training, { batch: 2, augmentation: { flip: true } })).toThrow(
      'must stay as they are, got an augmentation. choose "none".',
    );
  });
});
