/** @file Small detectors of seeded weights, whose ends are built as the exporters of each layout write them. */
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { randomStream } from "../src/random.ts";

/** What a small detector is. */
export interface DetectorSpec {
  readonly seed: number;
  readonly heightPx: number;
  readonly widthPx: number;
  readonly classes: number;
  /** Added to every logit of a class, so that more or fewer boxes are found. */
  readonly bias?: number;
}

/** Numbers of a seed, normal. */
class Draw {
  readonly #random;
  constructor(seed: number) {
    this.#random = randomStream("detector", seed);
  }
  numbers(count: number, size = 1, mean = 0): number[] {
    return Array.from({ length: count }, () => mean + size * this.#random.normal());
  }
}

interface Built {
  readonly b: GraphBuilder;
  readonly draw: Draw;
  /** [1, 6, h / s, w / s] for each stride. */
  readonly maps: readonly { readonly stride: number; readonly value: Value }[];
}

/** Feature maps at strides 8, 16 and 32: smooth, so that differences are exact. */
export function features({ seed, heightPx, widthPx }: DetectorSpec): Built {
  const b = new GraphBuilder();
  const draw = new Draw(seed);
  const x = b.input("images", [1, 3, heightPx, widthPx]);
  const conv = (from: Value, into: number, stride: number) => {
    const channels = from.dims[1]!;
    const size = 1.5 / Math.sqrt(channels * stride * stride);
    const weights = draw.numbers(into * channels * stride * stride, size);
    const bias = draw.numbers(into, 0.3);
    const inputs = [
      from,
      b.constant(weights, [into, channels, stride, stride]),
      b.constant(bias, [into]),
    ];
    return b.op("Tanh", [b.op("Conv", inputs, { strides: [stride, stride] })]);
  };
  const first = conv(x, 6, 8);
  const second = conv(first, 6, 2);
  const third = conv(second, 6, 2);
  const maps = [first, second, third].map((value, i) => ({ value, stride: 8 * 2 ** i }));
  return { b, draw, maps };
}

/** A convolution of 1 x 1. */
export function pointwise({ b, draw }: Built, from: Value, into: number, size: number, bias = 0) {
  const channels = from.dims[1]!;
  return b.op("Conv", [
    from,
    b.constant(draw.numbers(into * channels, size), [into, channels, 1, 1]),
    b.constant(draw.numbers(into, 0.3, bias), [into]),
  ]);
}

/** Bins of a distance, 16 in Ultralytics' networks. */
const bins = 4;

/** Ultralytics' `Detect` head as it is exported: distances by bins, anchors, strides, a sigmoid; [1, 4 + classes, n]. */
export function yolov8(spec: DetectorSpec, isTransposed = false): Graph {
  const built = features(spec);
  const { b, maps } = built;
  const { classes, bias = 0 } = spec;
  const flat = maps.map(({ value }) => {
    const boxes = pointwise(built, value, 4 * bins, 1);
    const scores = pointwise(built, value, classes, 1.5, bias);
    return b.op("Reshape", [
      b.op("Concat", [boxes, scores], { axis: 1 }),
      b.ints([1, 4 * bins + classes, -1]),
    ]);
  });
  const all = b.op("Concat", flat, { axis: 2 });
  const [distances, scores] = b.ops("Split", [all, b.ints([4 * bins, classes])], 2, { axis: 1 });
  const boxes = fromDistances(built, distances!, spec);
  const output = b.op("Concat", [boxes, b.op("Sigmoid", [scores!])], { axis: 1 });
  b.output(
    isTransposed
      ? b.op("Transpose", [output], { perm: [0, 2, 1] }, "output0")
      : b.op("Identity", [output], {}, "output0"),
  );
  return b.build();
}

/** Centres of the places of all maps in places [1, 2, n], and the stride of each [1, n]. */
export function anchorPoints({ heightPx, widthPx }: DetectorSpec, strides = [8, 16, 32]) {
  const [xs, ys, steps]: [number[], number[], number[]] = [[], [], []];
  for (const stride of strides) {
    for (let row = 0; row < heightPx / stride; row++) {
      for (let column = 0; column < widthPx / stride; column++) {
        xs.push(column + 0.5);
        ys.push(row + 0.5);
        steps.push(stride);
      }
    }
  }
  return { xs, ys, steps };
}

/** `DFL` and `dist2bbox(xywh=True)`: expected distances of the sides from the anchor, as centre and size, times the stride. */
function fromDistances({ b }: Built, distances: Value, spec: DetectorSpec): Value {
  const { xs, ys, steps } = anchorPoints(spec);
  const n = xs.length;
  const split = b.op("Reshape", [distances, b.ints([1, 4, bins, n])]);
  const shares = b.op("Softmax", [b.op("Transpose", [split], { perm: [0, 2, 1, 3] })], { axis: 1 });
  const weights = b.constant([0, 1, 2, 3], [1, bins, 1, 1]);
  const sides = b.op("Reshape", [b.op("Conv", [shares, weights]), b.ints([1, 4, n])]);
  const [before, behind] = b.ops("Split", [sides, b.ints([2, 2])], 2, { axis: 1 });
  const anchors = b.constant([...xs, ...ys], [1, 2, n]);
  const leftTop = b.op("Sub", [anchors, before!]);
  const rightBottom = b.op("Add", [anchors, behind!]);
  const centre = b.op("Div", [b.op("Add", [leftTop, rightBottom]), b.scalar(2)]);
  const size = b.op("Sub", [rightBottom, leftTop]);
  const places = b.op("Concat", [centre, size], { axis: 1 });
  return b.op("Mul", [places, b.constant(steps, [1, 1, n])]);
}
