/** @file Small segmenters whose truth is known: the class of a place is that of the colour which lies there. */
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";

/** How a segmenter ends, and how its file is laid out. */
export interface SegmenterSpec {
  readonly seed: number;
  /** Side of its pictures, a multiple of 4. */
  readonly sidePx: number;
  readonly end: "logits" | "softmax" | "log-softmax" | "sigmoid" | "arg-max";
  /** Where its channels are, of the input and of the output. */
  readonly channels: "first" | "last";
  readonly batch: "open" | "fixed";
  /** Pixels of the picture a place of the output, along a side. */
  readonly stride: 1 | 2;
  /** A smooth one has a gradient by differences. */
  readonly activation: "Relu" | "Softplus";
}

/** Colours of objects; of classes that exclude each other class 0 is the background. */
export const colours = 3;

/** The class of a colour. */
export function classOfColour(colour: number, { end }: Pick<SegmenterSpec, "end">): number {
  return end === "sigmoid" ? colour : colour + 1;
}

/**
 * An encoder of two steps, a bottleneck "deep" and a decoder whose last map is "decoded". What a channel of the input holds
 * runs through one channel of each map; the others hold a little of everything.
 */
export function plantedSegmenter(spec: SegmenterSpec): Graph {
  const { seed, sidePx, end, channels, batch, stride, activation } = spec;
  const random = randomStream("segmenter", seed);
  const b = new GraphBuilder();
  const n = batch === "open" ? "N" : 1;
  const isLast = channels === "last";
  const [dims, declared] = isLast
    ? [
        [1, sidePx, sidePx, colours],
        [n, sidePx, sidePx, colours],
      ]
    : [
        [1, colours, sidePx, sidePx],
        [n, colours, sidePx, sidePx],
      ];
  const x = b.input("x", dims, "float32", declared);
  const layer = (from: Value, into: number, size: number, by: number, name?: string) => {
    const count = from.dims[1]!;
    const weights = Array.from({ length: into * count * size * size }, (_, i) => {
      const [to, of] = [
        Math.floor(i / (count * size * size)),
        Math.floor(i / (size * size)) % count,
      ];
      const isOwn = to < colours && of % into === to && of < colours;
      return (isOwn ? 1 : 0.04 * random.normal()) / (size * size);
    });
    const attributes = { strides: [by, by], pads: size === 3 ? [1, 1, 1, 1] : [0, 0, 0, 0] };
    const inputs = [from, b.constant(weights, [into, count, size, size])];
    return b.op(activation, [b.op("Conv", inputs, attributes)], {}, name);
  };
  const enlarged = (from: Value) =>
    b.op("Resize", [from, null, b.constant([1, 1, 2, 2], [4])], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    });
  const picture = isLast ? b.op("Transpose", [x], { perm: [0, 3, 1, 2] }) : x;
  const first = layer(picture, 4, 3, 1);
  const second = layer(first, 5, 2, 2, "second");
  const deep = layer(second, 8, 2, 2, "deep");
  const joined = layer(b.op("Concat", [enlarged(deep), second], { axis: 1 }), 5, 1, 1, "joined");
  const decoded =
    stride === 2
      ? layer(joined, 4, 1, 1, "decoded")
      : layer(b.op("Concat", [enlarged(joined), first], { axis: 1 }), 4, 1, 1, "decoded");
  const count = end === "sigmoid" ? colours : colours + 1;
  const weights = Array.from({ length: count * 4 }, (_, i) =>
    Math.floor(i / 4) === classOfColour(i % 4, spec) && i % 4 < colours ? 6 : 0,
  );
  const bias = Array.from({ length: count }, (_, c) =>
    end === "sigmoid" ? -1.5 : c === 0 ? 1.5 : 0,
  );
  const inputs = [decoded, b.constant(weights, [count, 4, 1, 1]), b.constant(bias, [count])];
  const scores = b.op("Conv", inputs, {}, isLast ? undefined : "scores");
  const placed = isLast ? b.op("Transpose", [scores], { perm: [0, 2, 3, 1] }, "scores") : scores;
  b.output(ended(b, placed, end, isLast ? 3 : 1));
  return b.build();
}

function ended(b: GraphBuilder, scores: Value, end: SegmenterSpec["end"], axis: number): Value {
  switch (end) {
    case "logits":
      return scores;
    case "softmax":
      return b.op("Softmax", [scores], { axis });
    case "log-softmax":
      return b.op("LogSoftmax", [scores], { axis });
    case "sigmoid":
      return b.op("Sigmoid", [scores]);
    case "arg-max":
      return b.op("ArgMax", [scores], { axis, keepdims: 0 });
  }
}

/** A rectangle of one colour, in pixels. */
export interface PlantedObject {
  readonly colour: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A picture [1, 3, side, side] of objects on nearly nothing. */
export function plantedPicture(
  seed: number,
  sidePx: number,
  objects: readonly PlantedObject[],
): Tensor {
  const random = randomStream("planted picture", seed);
  const data = Array.from({ length: colours * sidePx * sidePx }, (_, i) => {
    const [c, y, x] = [Math.floor(i / sidePx ** 2), Math.floor(i / sidePx) % sidePx, i % sidePx];
    const isIn = objects.some(
      (o) => o.colour === c && x >= o.left && x < o.right && y >= o.top && y < o.bottom,
    );
    return (isIn ? 1 : 0) + 0.02 * random.uniform();
  });
  return tensorOf("float32", [1, colours, sidePx, sidePx], data);
}

/** Whether a pixel, by its index, lies in an object grown by some pixels. */
export function isWithin(
  object: PlantedObject,
  pixel: number,
  sidePx: number,
  margin = 0,
): boolean {
  const [y, x] = [Math.floor(pixel / sidePx), pixel % sidePx];
  return (
    x >= object.left - margin &&
    x < object.right + margin &&
    y >= object.top - margin &&
    y < object.bottom + margin
  );
}
