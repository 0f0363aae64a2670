/** @file Boxes as targets: their scores are logits, their gradients are differences, and what is not found is refused. */
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { yolov8, type DetectorSpec } from "../../test/detector-networks.ts";
import { gradient } from "../attribution/gradient/gradient.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, tensorOf, toNumbers, type Tensor } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { detectionsOf } from "../network/detection/detections.ts";
import { randomStream } from "../random.ts";
import { explainedOn } from "./picture-target.ts";
import { meantTarget } from "./meant-target.ts";
import type { BoxTarget, Target } from "./target.ts";

const runtime = createReferenceRuntime();
const exact = createReferenceRuntime({ outputs: "float64" });

const spec: DetectorSpec = { seed: 3, heightPx: 32, widthPx: 64, classes: 3 };

function drawnPicture(seed: number, { heightPx, widthPx }: DetectorSpec): Tensor {
  const random = randomStream("picture", seed);
  const count = 3 * heightPx * widthPx;
  const numbers = Array.from({ length: count }, () => random.normal());
  return tensorOf("float32", [1, 3, heightPx, widthPx], numbers);
}

/** The score of a model in float64. */
async function scoreOf(model: Model, dims: readonly number[], data: Float64Array): Promise<number> {
  const traced = await model.at(dims);
  const feeds = { [model.input.name]: tensor("float64", dims, data), ...model.held };
  const results = await exact.run(traced, feeds);
  return toNumbers(results[model.explained]!)[0]!;
}

/** Holds the gradient of a target against central differences at some pixels. */
async function checkSlopes(graph: Graph, asked: Target, picture: Tensor): Promise<void> {
  const model = new Model(graph, runtime);
  const target = await meantTarget(model, asked, picture.dims);
  const { model: explained } = await explainedOn(model, target, picture);
  const [map] = await gradient(explained, picture, { targets: [0] });
  const values = Float64Array.from(picture.data as Float32Array);
  const most = map!.data.reduce((all, value) => Math.max(all, Math.abs(value)), 0);
  expect(most).toBeGreaterThan(1e-4);
  const pixels = [...map!.data.keys()].filter((i) => Math.abs(map!.data[i]!) > most / 4);
  for (const i of [0, ...pixels.slice(0, 4)]) {
    const moved = (by: number) =>
      scoreOf(
        explained,
        picture.dims,
        values.map((value, k) => (k === i ? value + by : value)),
      );
    const step = 1e-3;
    const near = (await moved(step)) - (await moved(-step));
    const far = (await moved(2 * step)) - (await moved(-2 * step));
    const slope = (8 * near - far) / (12 * step);
    expect(Math.abs(map!.data[i]! - slope)).toBeLessThan(1e-6 * Math.max(most, 1));
  }
}

const targets: readonly (readonly [string, Target])[] = [
  ["the best box", { kind: "class", class: "top" }],
  ["all boxes of a class", { kind: "class", class: 1 }],
  ["a box's x", { kind: "box", box: 0, side: "x" }],
  ["a box's height", { kind: "box", box: 1, side: "h" }],
];

describe.each(targets)("of %s", (_, target) => {
  test.each([
    ["yolov8", yolov8(spec)],
    ["yolov8, transposed", yolov8(spec, true)],
  ] as const)("%s: the gradient agrees with differences", async (__, graph) => {
    await checkSlopes(graph, target, drawnPicture(1, spec));
  });
});

test("the score is the logit of the probability that the box has", async () => {
  const model = new Model(yolov8(spec), runtime);
  const picture = drawnPicture(1, spec);
  const [found] = await detectionsOf(model, picture);
  expect(found!.length).toBeGreaterThan(2);
  const best: BoxTarget = { kind: "box", box: 0 };
  const explained = await explainedOn(model, best, picture);
  const [map] = await gradient(explained.model, picture, { targets: [0] });
  expect(1 / (1 + Math.exp(-map!.score))).toBeCloseTo(found![0]!.score, 6);
  expect(map!.scoreName).toBe("logit");
  expect(explained.marks!.boxes!.map(({ isExplained }) => isExplained)).toEqual(
    found!.map((__, i) => i === 0),
  );
});

test("a saturated sigmoid still gives a map", async () => {
  const model = new Model(yolov8({ ...spec, bias: 40 }), runtime);
  const picture = drawnPicture(1, spec);
  const [found] = await detectionsOf(model, picture);
  expect(found![0]!.score).toBe(1);
  const { model: explained } = await explainedOn(model, { kind: "box", box: 0 }, picture);
  const [map] = await gradient(explained, picture, { targets: [0] });
  expect(map!.score).toBeGreaterThan(30);
  expect(map!.data.some((value) => Math.abs(value) > 1e-3)).toBe(true);
});

test("no box is refused with the best score there is", async () => {
  const model = new Model(yolov8({ ...spec, bias: -9 }), runtime);
  const asked = explainedOn(model, { kind: "box", box: 0 }, drawnPicture(1, spec));
  await expect(asked).rejects.toThrow(/got no box: the best score is 0\.\d+/);
});
