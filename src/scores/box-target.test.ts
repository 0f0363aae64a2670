/** @file Boxes as targets: their scores are logits, their gradients are differences, and what is not found is refused. */
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { smallDetectors, yolov8, type DetectorSpec } from "../../test/detector-networks.ts";
import { gradient } from "../attribution/gradient/gradient.ts";
import { GraphBuilder } from "../graph/builder.ts";
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

const spec: DetectorSpec = { seed: 3, heightPx: 32, widthPx: 32, classes: 3 };

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

/** Holds the gradient of a target against fourth-order central differences along the gradient and along a drawn direction. */
async function checkSlopes(graph: Graph, asked: Target, picture: Tensor): Promise<void> {
  const model = new Model(graph, runtime);
  const [found] = await detectionsOf(model, picture);
  const isOfBest = asked.kind === "class" && asked.class === ofBest;
  const named = isOfBest ? { ...asked, class: found![0]!.class } : asked;
  const target = await meantTarget(model, named, picture.dims);
  const { model: explained } = await explainedOn(model, target, picture);
  const [map] = await gradient(explained, picture, { targets: [0] });
  const norm = Math.hypot(...map!.data.subarray(0, 4096));
  expect(norm).toBeGreaterThan(1e-3);
  const random = randomStream("direction", 1);
  const drawn = Float64Array.from(map!.data, () => random.normal() / 64);
  for (const direction of [Float64Array.from(map!.data, (value) => value / norm), drawn]) {
    const at = (by: number) => {
      const values = Float64Array.from(picture.data as Float32Array);
      return scoreOf(
        explained,
        picture.dims,
        values.map((value, i) => value + by * direction[i]!),
      );
    };
    const step = 2e-3;
    const near = (await at(step)) - (await at(-step));
    const far = (await at(2 * step)) - (await at(-2 * step));
    const slope = (8 * near - far) / (12 * step);
    const told = direction.reduce((sum, value, i) => sum + value * map!.data[i]!, 0);
    expect(Math.abs(told - slope) / Math.max(norm, 1)).toBeLessThan(1e-6);
  }
}

/** Stands for the class of the best box. */
const ofBest = -1;

const targets: readonly (readonly [string, Target])[] = [
  ["the best box", { kind: "class", class: "top" }],
  ["all boxes of a class", { kind: "class", class: ofBest }],
  ["a box's x", { kind: "box", box: 0, side: "x" }],
  ["a box's y", { kind: "box", box: 1, side: "y" }],
  ["a box's width", { kind: "box", box: 0, side: "w" }],
  ["a box's height", { kind: "box", box: 1, side: "h" }],
];

describe.each(targets)("of %s", (_, target) => {
  test.each(Object.entries(smallDetectors))(
    "%s: the gradient agrees with differences",
    async (__, build) => {
      await checkSlopes(build(spec), target, drawnPicture(1, spec));
    },
  );
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

test("a box that is not among those that are found is refused with what there is", async () => {
  const model = new Model(yolov8({ ...spec, bias: 2 }), runtime);
  const picture = drawnPicture(1, spec);
  const [found] = await detectionsOf(model, picture);
  await expect(explainedOn(model, { kind: "box", box: 999 }, picture)).rejects.toThrow(
    `must find box 999, got ${found!.length} such, which count from 0.`,
  );
  const classes = [...new Set(found!.map((box) => box.class))].toSorted((a, b) => a - b);
  const other = { kind: "box", box: "all", class: spec.classes } as const;
  await expect(explainedOn(model, other, picture)).rejects.toThrow(
    `got none such among ${found!.length} boxes (classes ${classes.join(", ")}).`,
  );
});

/** As files often are: without sizes of outputs. */
function untold(graph: Graph): Graph {
  const outputs = graph.outputs.map((output) => ({ ...output, dims: [1, "rows", "boxes"] }));
  return { ...graph, outputs, shapes: new Map() };
}

test("a file that leaves its sizes open is a detector once a picture is run", async () => {
  const picture = drawnPicture(1, spec);
  const open = new Model(untold(yolov8(spec)), runtime);
  const closed = new Model(yolov8(spec), runtime);
  const top: Target = { kind: "class", class: "top" };
  const target = await meantTarget(open, top, picture.dims);
  expect(target).toEqual({ kind: "box", box: 0 });
  const [here, there] = await Promise.all(
    [open, closed].map((model) => explainedOn(model, target, picture)),
  );
  expect(here!.marks).toEqual(there!.marks);
  expect(here!.notes.length).toBeGreaterThan(0);
});

/** Scores of an objectness times a class, as exports with `scores = conf * cls` have them, or behind another end. */
function multiplied(end: "product" | "cube"): Graph {
  const b = new GraphBuilder();
  const x = b.input("images", [1, 3, 32, 32]);
  const random = randomStream("multiplied");
  const numbers = (count: number) => Array.from({ length: count }, () => random.normal() / 8);
  const map = b.op("Conv", [x, b.constant(numbers(7 * 192), [7, 3, 8, 8])], { strides: [8, 8] });
  const rows = b.op("Reshape", [map, b.ints([1, 7, 16])]);
  const [boxes, object, classes] = b.ops("Split", [rows, b.ints([4, 1, 2])], 3, { axis: 1 });
  const [a, c] = [b.op("Sigmoid", [object!]), b.op("Sigmoid", [classes!])];
  const scores = end === "product" ? b.op("Mul", [a, c]) : b.op("Pow", [c, b.scalar(3)]);
  b.output(b.op("Concat", [boxes!, scores], { axis: 1 }, "output0"));
  const graph = b.build();
  return {
    ...graph,
    metadata: new Map([
      ["task", "detect"],
      ["names", "{0: 'a', 1: 'b'}"],
    ]),
  };
}

describe.each([
  ["product", "sum of logits", /sum of their logits is explained/],
  ["cube", "log-odds", /no sigmoid or softmax is found/],
] as const)("scores that are a %s", (end, scoreName, note) => {
  test("are explained by what can be said of them, which a note tells", async () => {
    const model = new Model(multiplied(end), runtime);
    const picture = drawnPicture(2, { ...spec, widthPx: 32 });
    const best: BoxTarget = { kind: "box", box: 0, confidence: 0.05 };
    const explained = await explainedOn(model, best, picture);
    expect(explained.model.scoreName).toBe(scoreName);
    expect(JSON.stringify(model.notes)).toMatch(note);
    await checkSlopes(multiplied(end), best, picture);
    const [map] = await gradient(explained.model, picture, { targets: [0] });
    const { score } = explained.marks!.boxes![0]!;
    if (end === "cube") expect(map!.score).toBeCloseTo(Math.log(score / (1 - score)), 4);
  });
});

test("probabilities are explained where they are asked for", async () => {
  const model = new Model(yolov8(spec), runtime, { keepActivation: true });
  const picture = drawnPicture(1, spec);
  const explained = await explainedOn(model, { kind: "box", box: 0 }, picture);
  const [map] = await gradient(explained.model, picture, { targets: [0] });
  expect(map!.scoreName).toBe("score");
  expect(map!.score).toBeCloseTo(explained.marks!.boxes![0]!.score, 6);
});

describe("boxes in a mask", () => {
  const graph = yolov8(spec);
  const picture = drawnPicture(spec.seed, spec);
  const [widthPx, heightPx] = [spec.widthPx, spec.heightPx];
  const found = async () => (await detectionsOf(new Model(graph, runtime), picture))[0]!;
  const meantBy = async (isInside: (x: number, y: number) => boolean) => {
    const inside = Uint8Array.from({ length: widthPx * heightPx }, (_, i) =>
      isInside((i % widthPx) + 0.5, Math.floor(i / widthPx) + 0.5) ? 1 : 0,
    );
    const region = { kind: "mask", widthPx, heightPx, inside } as const;
    const target = { kind: "box", box: 0, region } as const;
    const { marks } = await explainedOn(new Model(graph, runtime), target, picture);
    return marks!.boxes!.findIndex(({ isExplained }) => isExplained);
  };

  test("are those whose centre lies there, wherever the others are", async () => {
    const boxes = await found();
    for (const [k, { left, right, top, bottom }] of boxes.slice(0, 6).entries()) {
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      if (x < 0 || y < 0 || x >= widthPx || y >= heightPx) continue;
      const isIn = (a: number, b: number) =>
        Math.floor(a) === Math.floor(x) && Math.floor(b) === Math.floor(y);
      const first = boxes.findIndex((box) =>
        isIn((box.left + box.right) / 2, (box.top + box.bottom) / 2),
      );
      expect([k, await meantBy(isIn)]).toEqual([k, first]);
    }
  });

  test("without a centre there, the one that it overlaps most", async () => {
    const boxes = await found();
    const centres = boxes.map(({ left, right, top, bottom }) => [
      (left + right) / 2,
      (top + bottom) / 2,
    ]);
    const isFree = (x: number, y: number) =>
      !centres.some(
        ([a, b]) => Math.floor(a!) === Math.floor(x) && Math.floor(b!) === Math.floor(y),
      );
    const { left, right, top, bottom } = boxes[0]!;
    const isOver = (x: number, y: number) =>
      x > left && x < right && y > top && y < bottom && isFree(x, y);
    const overlaps = boxes.map((box) => {
      let [shared, mask] = [0, 0];
      for (let y = 0.5; y < heightPx; y++) {
        for (let x = 0.5; x < widthPx; x++) {
          if (!isOver(x, y)) continue;
          mask += 1;
          const across = Math.min(box.right, x + 0.5) - Math.max(box.left, x - 0.5);
          const down = Math.min(box.bottom, y + 0.5) - Math.max(box.top, y - 0.5);
          shared += Math.max(across, 0) * Math.max(down, 0);
        }
      }
      return shared / ((box.right - box.left) * (box.bottom - box.top) + mask - shared);
    });
    const most = overlaps.indexOf(overlaps.reduce((a, b) => Math.max(a, b)));
    expect(await meantBy(isOver)).toBe(most);
  });
});
