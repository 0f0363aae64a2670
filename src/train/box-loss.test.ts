/** @file The losses of segmenters and detectors against their definitions, and their gradients against differences, in float64. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { backpropagate } from "../autodiff/differentiate.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { tensor, toNumbers, type Tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { boxLoss } from "./box-loss.ts";
import { placesCrossEntropy } from "./places-loss.ts";
import type { Loss } from "./losses.ts";
import type { Cell } from "./trainable-network.ts";

const runtime = createReferenceRuntime({ outputs: "float64" });

const strides = [8, 16] as const;
const cells: readonly Cell[] = strides.flatMap((stride) =>
  Array.from({ length: (32 / stride) ** 2 }, (_, i) => ({
    x: ((i % (32 / stride)) + 0.5) * stride,
    y: (Math.floor(i / (32 / stride)) + 0.5) * stride,
    stride,
  })),
);
const classes = 2;

interface Fed {
  readonly logits: Float64Array;
  readonly boxes: Float64Array;
  readonly labels: Int32Array;
}

/** A picture with up to three objects, and what a network says of it. */
function drawn(seed: number): Fed {
  const random = randomStream("box loss", seed);
  const count = cells.length;
  const boxes = new Float64Array(4 * count);
  for (const [i, cell] of cells.entries()) {
    boxes[i] = cell.x + random.between(-6, 6);
    boxes[count + i] = cell.y + random.between(-6, 6);
    boxes[2 * count + i] = random.between(4, 30);
    boxes[3 * count + i] = random.between(4, 30);
  }
  const labels = new Int32Array(15).fill(-1);
  for (let i = 0; i < 1 + random.below(3); i++) {
    const [left, top] = [random.below(20), random.below(20)];
    labels.set(
      [random.below(2), left, top, left + 3 + random.below(30), top + 3 + random.below(30)],
      5 * i,
    );
  }
  const logits = Float64Array.from({ length: classes * count }, () => 2 * random.normal());
  return { logits, boxes, labels };
}

/** The loss as its description has it. */
function plainLoss({ logits, boxes, labels }: Fed): number {
  const count = cells.length;
  const objects = [0, 5, 10].flatMap((at) => {
    const [kind, left, top, right, bottom] = labels.subarray(at, at + 5) as unknown as number[];
    if (kind! < 0) return [];
    const [width, height] = [right! - left!, bottom! - top!];
    return [{ kind: kind!, x: (left! + right!) / 2, y: (top! + bottom!) / 2, width, height }];
  });
  let [sum, answering] = [0, 0];
  for (const [i, cell] of cells.entries()) {
    const reach = (one: { x: number; y: number }) =>
      Math.max(Math.abs(one.x - cell.x), Math.abs(one.y - cell.y));
    const [mine] = objects
      .filter((one) => reach(one) < 0.75 * cell.stride)
      .filter((one) => Math.sqrt(one.width * one.height) < 24 - 1e-3 === (cell.stride === 8))
      .toSorted((a, b) => reach(a) - reach(b));
    for (let c = 0; c < classes; c++) {
      const z = logits[c * count + i]!;
      sum += Math.log1p(Math.exp(z)) - (mine?.kind === c ? z : 0);
    }
    if (!mine) continue;
    answering += 1;
    const [x, y, width, height] = [0, 1, 2, 3].map((k) => boxes[k * count + i]!) as [
      number,
      number,
      number,
      number,
    ];
    const shared = (p: number, w: number, q: number, v: number) =>
      Math.max(Math.min(p + w / 2, q + v / 2) - Math.max(p - w / 2, q - v / 2), 0);
    const inside = shared(x, width, mine.x, mine.width) * shared(y, height, mine.y, mine.height);
    const overlap = inside / (width * height + mine.width * mine.height - inside);
    const apart = (Math.abs(x - mine.x) + Math.abs(y - mine.y)) / cell.stride;
    const sides = Math.abs(Math.log(width / mine.width)) + Math.abs(Math.log(height / mine.height));
    sum += 2 * (1 - overlap) + (apart + sides) / 2;
  }
  return sum / Math.max(answering, 1);
}

/** Loss and share found of one picture, and gradients for the logits and the boxes. */
async function graphLoss({ logits, boxes, labels }: Fed) {
  const b = new GraphBuilder();
  const z = b.input("logits", [1, classes, cells.length]);
  const values = b.input("boxes", [1, 4, cells.length]);
  const objects = b.input("labels", [1, 3, 5], "int32");
  const loss = boxLoss({ kind: "boxes", dims: [3, 5] });
  const each = loss.build(b, z, objects, { values, cells });
  const found = loss.found!(b, z, objects, { values, cells });
  const gradients = backpropagate(b, { of: each, wrt: [z, values] });
  return runOf(b, [each, found, ...gradients], {
    logits: tensor("float64", z.dims, logits),
    boxes: tensor("float64", values.dims, boxes),
    labels: tensor("int32", objects.dims, labels),
  });
}

async function runOf(b: GraphBuilder, outputs: readonly Value[], feeds: Record<string, Tensor>) {
  for (const output of outputs) b.output(output);
  const results = await runtime.run(b.build(), feeds);
  return outputs.map(({ name }) => toNumbers(results[name]!));
}

test("the loss of boxes is what its description says", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const fed = drawn(seed);
      const [loss] = await graphLoss(fed);
      expect(loss![0]).toBeCloseTo(plainLoss(fed), 6);
    }),
    { numRuns: 40 },
  );
});

test("its gradients are those of differences", async () => {
  const step = 1e-6;
  for (const seed of [1, 2, 3]) {
    const fed = drawn(seed);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const [, , ofLogits, ofBoxes] = await graphLoss(fed);
    for (const [name, gradient] of [
      ["logits", ofLogits!],
      ["boxes", ofBoxes!],
    ] as const) {
      for (const [i, slope] of gradient.entries()) {
        const moved = (by: number) => {
          const values = fed[name].slice();
          values[i]! += by;
          return plainLoss({ ...fed, [name]: values });
        };
        expect(Math.abs(slope - (moved(step) - moved(-step)) / (2 * step))).toBeLessThan(1e-6);
      }
    }
  }
});

test("objects are found where their cells say their class and nothing else", async () => {
  const labels = Int32Array.from([1, 4, 4, 20, 20, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1]);
  const boxes = drawn(0).boxes;
  const all = (of: number) =>
    Float64Array.from({ length: classes * cells.length }, (_, i) =>
      Math.floor(i / cells.length) === of ? 3 : -3,
    );
  expect((await graphLoss({ logits: all(1), boxes, labels }))[1]).toEqual([1]);
  expect((await graphLoss({ logits: all(0), boxes, labels }))[1]).toEqual([0]);
  expect((await graphLoss({ logits: all(2), boxes, labels }))[1]).toEqual([0]);
});

test("the loss of places is the mean cross-entropy, its gradient softmax minus target", async () => {
  const [height, width] = [2, 3];
  const random = randomStream("places");
  const places = height * width;
  const z = Float64Array.from({ length: 3 * places }, () => random.normal());
  const labels = Int32Array.from({ length: places }, () => random.below(3));
  const smoothing = 0.1;
  const loss: Loss = placesCrossEntropy(
    { kind: "places", dims: [height, width] },
    { labelSmoothing: smoothing },
  );
  const b = new GraphBuilder();
  const logits = b.input("logits", [1, 3, height, width]);
  const truth = b.input("labels", [1, height, width], "int32");
  const each = loss.build(b, logits, truth);
  const found = loss.found!(b, logits, truth);
  const [gradient] = backpropagate(b, { of: each, wrt: [logits] });
  const [value, share, slopes] = await runOf(b, [each, found, gradient!], {
    logits: tensor("float64", logits.dims, z),
    labels: tensor("int32", truth.dims, labels),
  });
  let [sum, right] = [0, 0];
  for (let p = 0; p < places; p++) {
    const powers = [0, 1, 2].map((c) => Math.exp(z[c * places + p]!));
    const total = powers.reduce((a, power) => a + power);
    for (let c = 0; c < 3; c++) {
      const target = smoothing / 3 + (labels[p] === c ? 1 - smoothing : 0);
      sum -= (target * Math.log(powers[c]! / total)) / places;
      expect(slopes![c * places + p]).toBeCloseTo((powers[c]! / total - target) / places, 6);
    }
    if (powers.indexOf(Math.max(...powers)) === labels[p]) right += 1 / places;
  }
  expect(value![0]).toBeCloseTo(sum, 6);
  expect(share![0]).toBeCloseTo(right, 6);
});
