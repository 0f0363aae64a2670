/** @file A detector of coloured squares with planted weights, whose boxes are right, and scenes for it. */
import { expect } from "vitest";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import { tensor, type Tensor } from "../src/graph/tensor.ts";
import type { Detection } from "../src/network/detection/detection.ts";
import { detectionsOf } from "../src/network/detection/detections.ts";
import { Model } from "../src/network/model.ts";
import type { RandomStream } from "../src/random.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import type { ExplainedModel } from "../src/scores/explained-model.ts";
import { explainedOn } from "../src/scores/picture-target.ts";
import type { BoxTarget } from "../src/scores/target.ts";

/** Side of pictures, and of the squares that each scale finds, in pixels. */
export const sidePx = 64;
const strides = [8, 16] as const;
const classes = 3;
/** Names of the feature maps that feed the head, the finest first. */
export const scaleNames = ["fine", "coarse"] as const;

/** A square of a scene: its class is its colour, red, green or blue. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
  readonly class: number;
}

/**
 * Colours, their means over 8 x 8 pixels, and over 2 x 2 of those; at each of both scales a convolution that gives
 * logits where a square of that size lies alone, beside boxes of the cells. The output is YOLO's [N, 4 + 3, 80]: rows of
 * centre, size and class probabilities in pixels, of 8 x 8 and then 4 x 4 places.
 */
export function drawnDetector(runtime: Runtime): Model {
  const b = new GraphBuilder();
  const picture = b.input("images", [1, 3, sidePx, sidePx], "float32", ["N", 3, sidePx, sidePx]);
  const hues = b.op("Conv", [
    picture,
    b.constant(acrossClasses(1, -0.5), [3, 3, 1, 1]),
    b.constant([-0.1, -0.1, -0.1], [3]),
  ]);
  const fine = meanOf(b, b.op("Relu", [hues]), 8, "fine");
  const coarse = meanOf(b, fine, 2, "coarse");
  const around = [0, -2.5, 0, -2.5, 12, -2.5, 0, -2.5, 0];
  const heads = [
    headOf(b, fine, { kernel: around, scale: 1 / 0.8, bias: -9 }, strides[0]),
    headOf(b, coarse, { kernel: [16], scale: 1 / 0.8, bias: -8 }, strides[1]),
  ];
  const logits = b.op(
    "Concat",
    heads.map(({ logits: own }) => own),
    { axis: 2 },
    "logits",
  );
  const boxes = b.op(
    "Concat",
    heads.map(({ boxes: own }) => own),
    { axis: 2 },
    "boxes",
  );
  b.output(b.op("Concat", [boxes, b.op("Sigmoid", [logits])], { axis: 1 }, "output"));
  return new Model(b.build(), runtime);
}

/** [3, 3]: one number where both classes are the same, another where not. */
function acrossClasses(same: number, other: number): number[] {
  return Array.from({ length: 9 }, (_, i) => (Math.floor(i / 3) === i % 3 ? same : other));
}

/** Means over squares of each channel, behind a ReLU. */
function meanOf(b: GraphBuilder, from: Value, side: number, name: string): Value {
  const kernel = acrossClasses(1, 0).flatMap((own) =>
    Array<number>(side ** 2).fill(own / side ** 2),
  );
  const weights = b.constant(kernel, [3, 3, side, side]);
  return b.op("Relu", [b.op("Conv", [from, weights], { strides: [side, side] })], {}, name);
}

interface Planted {
  /** Row-major, of an odd side. */
  readonly kernel: readonly number[];
  readonly scale: number;
  readonly bias: number;
}

/** Logits [N, 3, places] and boxes [N, 4, places] of a scale. */
function headOf(b: GraphBuilder, from: Value, { kernel, scale, bias }: Planted, stride: number) {
  const side = Math.sqrt(kernel.length);
  const pad = (side - 1) / 2;
  const planted = acrossClasses(scale, 0).flatMap((own) => kernel.map((value) => own * value));
  const scores = b.op(
    "Conv",
    [from, b.constant(planted, [3, 3, side, side]), b.constant([bias, bias, bias], [3])],
    { pads: [pad, pad, pad, pad] },
  );
  // Distances from each cell's middle to the sides of its box, in cells: half a cell, whatever the picture is.
  const cells = b.op("Conv", [
    from,
    b.constant(Array<number>(6).fill(0), [2, 3, 1, 1]),
    b.constant([1, 1], [2]),
  ]);
  const across = sidePx / stride;
  const flat = (value: Value, rows: number) =>
    b.op("Reshape", [value, b.ints([0, rows, across ** 2])]);
  const sizes = b.op("Mul", [flat(cells, 2), b.scalar(stride)]);
  const middles = Array.from({ length: 2 * across ** 2 }, (_, i) => {
    const place = i % across ** 2;
    return stride * ((i < across ** 2 ? place % across : Math.floor(place / across)) + 0.5);
  });
  const zeros = b.op("Mul", [sizes, b.scalar(0)]);
  const centres = b.op("Add", [zeros, b.constant(middles, [1, 2, across ** 2])]);
  return {
    logits: flat(scores, classes),
    boxes: b.op("Concat", [centres, sizes], { axis: 1 }),
  };
}

export interface DrawnScene {
  /** [1, 3, side, side]. */
  readonly picture: Tensor;
  readonly squares: readonly Square[];
}

/**
 * Squares apart from each other on the cells of both scales, on grey noise: up to four, of which the first two are of one
 * class, or up to three of one class each.
 */
export function drawnScene(random: RandomStream, of: "pairs" | "one each" = "pairs"): DrawnScene {
  const squares: Square[] = [];
  const first = random.below(classes);
  const classOf = (number: number) => {
    if (of === "one each") return (first + number) % classes;
    return number < 2 ? first : random.below(classes);
  };
  for (let attempt = 0; attempt < 60 && squares.length < (of === "pairs" ? 4 : 3); attempt++) {
    const side = strides[random.below(2)]!;
    const square = {
      left: side * random.below(sidePx / side),
      top: side * random.below(sidePx / side),
      side,
      class: classOf(squares.length),
    };
    if (squares.every((other) => isApart(square, other))) squares.push(square);
  }
  const places = sidePx ** 2;
  const data = new Float32Array(3 * places);
  for (let p = 0; p < places; p++) {
    const grey = 0.4 + 0.1 * random.uniform();
    for (let c = 0; c < 3; c++) data[c * places + p] = grey + 0.05 * random.uniform();
  }
  for (const { left, top, side, class: own } of squares) {
    for (let i = 0; i < side ** 2; i++) {
      const place = (top + Math.floor(i / side)) * sidePx + left + (i % side);
      for (let c = 0; c < 3; c++) {
        data[c * places + place] = (c === own ? 0.9 : 0.02) + 0.05 * random.uniform();
      }
    }
  }
  return { picture: tensor("float32", [1, 3, sidePx, sidePx], data), squares };
}

function isApart(a: Square, b: Square): boolean {
  const gap = Math.max(
    Math.max(a.left, b.left) - Math.min(a.left + a.side, b.left + b.side),
    Math.max(a.top, b.top) - Math.min(a.top + a.side, b.top + b.side),
  );
  return gap >= strides[0];
}

/**
 * The model that explains the box of a square, or all boxes of a class. The detector must find every square of the scene,
 * and nothing else.
 */
export async function explainedSquare(
  model: Model,
  { picture, squares }: DrawnScene,
  meant: Square | number,
): Promise<ExplainedModel> {
  const [found] = await detectionsOf(model, picture);
  const isAt = ({ left, top, side, class: own }: Square, box: Detection) =>
    box.left === left && box.top === top && box.right === left + side && box.class === own;
  expect(squares.map((square) => found!.some((box) => isAt(square, box)))).not.toContain(false);
  expect(found).toHaveLength(squares.length);
  const target: BoxTarget =
    typeof meant === "number"
      ? { kind: "box", box: "all", class: meant }
      : { kind: "box", box: found!.findIndex((box) => isAt(meant, box)) };
  return explainedOn(model, target, picture);
}
