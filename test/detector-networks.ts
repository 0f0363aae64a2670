/** @file Small detectors of seeded weights, whose ends are built as the exporters of each layout write them. */
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { randomStream } from "../src/random.ts";
import { tensorOf } from "../src/graph/tensor.ts";

/** What a small detector is. */
export interface DetectorSpec {
  readonly seed: number;
  readonly heightPx: number;
  readonly widthPx: number;
  readonly classes: number;
  /** Added to every logit of a class, so that more or fewer boxes are found. */
  readonly bias?: number;
  /** Whether boxes are shares where those of the layout are pixels more often than not, and pixels where they are shares. */
  readonly isInOtherUnit?: boolean;
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
function features({ seed, heightPx, widthPx }: DetectorSpec): Built {
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
function pointwise({ b, draw }: Built, from: Value, into: number, size: number, bias = 0) {
  const channels = from.dims[1]!;
  return b.op("Conv", [
    from,
    b.constant(draw.numbers(into * channels, size), [into, channels, 1, 1]),
    b.constant(draw.numbers(into, 0.3, bias), [into]),
  ]);
}

/** Boxes, four numbers along an axis, in the unit that is asked for; they are shares or pixels of themselves. */
function inUnit(
  { b }: Built,
  { boxes, axis, own }: { boxes: Value; axis: number; own: "pixels" | "shares" },
  { widthPx, heightPx, isInOtherUnit = false }: DetectorSpec,
): Value {
  if (!isInOtherUnit) return boxes;
  const sides = [widthPx, heightPx, widthPx, heightPx];
  const dims = boxes.dims.map((_, i) => (i === axis ? 4 : 1));
  return b.op(own === "shares" ? "Mul" : "Div", [boxes, b.constant(sides, dims)]);
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
  const placed = inUnit(built, { boxes, axis: 1, own: "pixels" }, spec);
  const output = b.op("Concat", [placed, b.op("Sigmoid", [scores!])], { axis: 1 });
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

/** Tables [1, n, numbers] of all maps, one below the other, with `anchors` predictions at each place. */
function tables(built: Built, numbers: number, anchors: number, size: number, bias = 0) {
  const { b, maps } = built;
  return maps.map(({ value, stride }) => {
    const conv = pointwise(built, value, anchors * numbers, size, bias);
    const [, , h, w] = conv.dims as [number, number, number, number];
    const split = b.op("Reshape", [conv, b.ints([1, anchors, numbers, h, w])]);
    return { stride, h, w, value: b.op("Transpose", [split], { perm: [0, 1, 3, 4, 2] }) };
  });
}

/** YOLOv5's `Detect` as it is exported: sigmoid of all, `(xy * 2 + grid) * stride`, `(wh * 2) ** 2 * anchors`; [1, n, 5 + classes]. */
function yolov5(spec: DetectorSpec): Graph {
  const built = features(spec);
  const { b } = built;
  const { classes, bias = 0 } = spec;
  const flat = tables(built, 5 + classes, 3, 1.5, bias).map(({ value, stride, h, w }) => {
    const parts = b.ops("Split", [b.op("Sigmoid", [value]), b.ints([2, 2, classes + 1])], 3, {
      axis: 4,
    });
    const grid = Array.from({ length: h * w }, (_, i) => [(i % w) - 0.5, Math.floor(i / w) - 0.5]);
    const anchors = [1, 2, 3].flatMap((k) => [k * stride, 1.5 * k * stride]);
    const xy = b.op("Mul", [
      b.op("Add", [
        b.op("Mul", [parts[0]!, b.scalar(2)]),
        b.constant(grid.flat(), [1, 1, h, w, 2]),
      ]),
      b.scalar(stride),
    ]);
    const wh = b.op("Mul", [
      b.op("Pow", [b.op("Mul", [parts[1]!, b.scalar(2)]), b.scalar(2)]),
      b.constant(anchors, [1, 3, 1, 1, 2]),
    ]);
    const placed = inUnit(
      built,
      { boxes: b.op("Concat", [xy, wh], { axis: 4 }), axis: 4, own: "pixels" },
      spec,
    );
    const all = b.op("Concat", [placed, parts[2]!], { axis: 4 });
    return b.op("Reshape", [all, b.ints([1, 3 * h * w, 5 + classes])]);
  });
  b.output(b.op("Concat", flat, { axis: 1 }, "output"));
  return b.build();
}

/** YOLOX as it is exported: raw numbers of its grids beside sigmoids; [1, n, 5 + classes]. */
function yolox(spec: DetectorSpec): Graph {
  const built = features(spec);
  const { b, maps } = built;
  const { classes, bias = 0 } = spec;
  const flat = maps.map(({ value }) => {
    const parts = [
      pointwise(built, value, 4, 0.5),
      b.op("Sigmoid", [pointwise(built, value, 1, 1, bias + 1)]),
      b.op("Sigmoid", [pointwise(built, value, classes, 1.5, bias)]),
    ];
    return b.op("Reshape", [b.op("Concat", parts, { axis: 1 }), b.ints([1, 5 + classes, -1])]);
  });
  const all = b.op("Concat", flat, { axis: 2 });
  b.output(b.op("Transpose", [all], { perm: [0, 2, 1] }, "output"));
  return b.build();
}

/** YOLOv10's `postprocess` as it is exported: the best places, then the best of their classes; [1, k, 6]. */
function yolov10(spec: DetectorSpec, k = 12): Graph {
  const built = features(spec);
  const { b, maps } = built;
  const { classes, bias = 0 } = spec;
  const { xs, ys, steps } = anchorPoints(spec);
  const n = xs.length;
  const flat = maps.map(({ value }) => {
    const parts = [pointwise(built, value, 4, 0.7, 1), pointwise(built, value, classes, 1.5, bias)];
    return b.op("Reshape", [b.op("Concat", parts, { axis: 1 }), b.ints([1, 4 + classes, -1])]);
  });
  const all = b.op("Concat", flat, { axis: 2 });
  const [sides, logits] = b.ops("Split", [all, b.ints([4, classes])], 2, { axis: 1 });
  const [before, behind] = b.ops("Split", [sides!, b.ints([2, 2])], 2, { axis: 1 });
  const anchors = b.constant([...xs, ...ys], [1, 2, n]);
  const corners = b.op(
    "Concat",
    [b.op("Sub", [anchors, before!]), b.op("Add", [anchors, behind!])],
    {
      axis: 1,
    },
  );
  const inPixels = b.op("Mul", [corners, b.constant(steps, [1, 1, n])]);
  const pixels = inUnit(built, { boxes: inPixels, axis: 1, own: "pixels" }, spec);
  const rows = b.op(
    "Transpose",
    [b.op("Concat", [pixels, b.op("Sigmoid", [logits!])], { axis: 1 })],
    {
      perm: [0, 2, 1],
    },
  );
  const [boxes, scores] = b.ops("Split", [rows, b.ints([4, classes])], 2, { axis: 2 });
  const most = b.op("ReduceMax", [scores!, b.ints([-1])], { keepdims: 0 });
  const [, places] = b.ops("TopK", [most, b.ints([k])], 2, { axis: -1 });
  const column = b.op("Unsqueeze", [places!, b.ints([-1])]);
  const tiled = (count: number) => b.op("Tile", [column, b.ints([1, 1, count])]);
  const bestBoxes = b.op("GatherElements", [boxes!, tiled(4)], { axis: 1 });
  const bestScores = b.op("GatherElements", [scores!, tiled(classes)], { axis: 1 });
  const row = b.op("Flatten", [bestScores], { axis: 1 });
  const [values, indices] = b.ops("TopK", [row, b.ints([k])], 2, { axis: -1 });
  const count = b.scalar(classes, "int64");
  const of = b.op("Unsqueeze", [b.op("Div", [indices!, count]), b.ints([-1])]);
  const chosen = b.op("GatherND", [bestBoxes, of], { batch_dims: 1 });
  const labels = b.cast(b.op("Mod", [indices!, count]), "float32");
  const columns = [values!, labels].map((value) => b.op("Unsqueeze", [value, b.ints([-1])]));
  b.output(b.op("Concat", [chosen, ...columns], { axis: -1 }, "output0"));
  return b.build();
}

/** Tokens of the first map through two heads, as DETR's: logits [1, q, width] and boxes behind a sigmoid [1, q, 4]. */
function detr(spec: DetectorSpec, width: number): Graph {
  const built = features(spec);
  const { b, draw, maps } = built;
  const [first] = maps;
  const map = b.op("Reshape", [first!.value, b.ints([1, 6, -1])]);
  const rows = b.op("Transpose", [map], { perm: [0, 2, 1] });
  const dense = (into: number, size: number, bias: number) =>
    b.op("Add", [
      b.op("MatMul", [rows, b.constant(draw.numbers(6 * into, size), [6, into])]),
      b.constant(draw.numbers(into, 0.3, bias), [into]),
    ]);
  b.output(b.op("Identity", [dense(width, 2, spec.bias ?? 0)], {}, "logits"));
  b.output(b.op("Sigmoid", [dense(4, 0.5, 0)], {}, "pred_boxes"));
  return b.build();
}

/** SSD's raw heads: a softmax whose first class is nothing [1, n, 1 + classes], and boxes that are corners, or what changes anchors. */
export function ssd(spec: DetectorSpec, areDecoded: boolean): Graph {
  const built = features(spec);
  const { b } = built;
  const joined = (numbers: number, size: number) => {
    const parts = tables(built, numbers, 2, size).map(({ value, h, w }) =>
      b.op("Reshape", [value, b.ints([1, 2 * h * w, numbers])]),
    );
    return b.op("Concat", parts, { axis: 1 });
  };
  const scores = joined(1 + spec.classes, 2);
  b.output(b.op("Softmax", [scores], { axis: 2 }, "scores"));
  const deltas = joined(4, 0.5);
  if (!areDecoded) {
    b.output(b.op("Identity", [deltas], {}, "boxes"));
    return b.build();
  }
  const [centre, size] = b.ops("Split", [deltas, b.ints([2, 2])], 2, { axis: 2 });
  const middle = b.op("Add", [b.op("Mul", [centre!, b.scalar(0.2)]), b.scalar(0.5)]);
  const half = b.op("Div", [b.op("Mul", [b.op("Exp", [size!]), b.scalar(0.3)]), b.scalar(2)]);
  const corners = [b.op("Sub", [middle, half]), b.op("Add", [middle, half])];
  const shares = b.op("Concat", corners, { axis: 2 });
  const placed = inUnit(built, { boxes: shares, axis: 2, own: "shares" }, spec);
  b.output(b.op("Identity", [placed], {}, "boxes"));
  return b.build();
}

/** TensorFlow's outputs: the best of all scores with their boxes, y before x, and their classes counted from 1. */
function tensorflow(spec: DetectorSpec, k = 10): Graph {
  const built = features(spec);
  const { b } = built;
  const joined = (numbers: number, size: number, bias = 0) => {
    const parts = tables(built, numbers, 1, size, bias).map(({ value, h, w }) =>
      b.op("Reshape", [value, b.ints([1, h * w, numbers])]),
    );
    return b.op("Concat", parts, { axis: 1 });
  };
  const scores = b.op("Sigmoid", [joined(spec.classes, 1.5, spec.bias)]);
  const corners = joined(4, 0.3, 0.5);
  const row = b.op("Flatten", [scores], { axis: 1 });
  const [values, indices] = b.ops("TopK", [row, b.ints([k])], 2, { axis: -1 });
  const count = b.scalar(spec.classes, "int64");
  const of = b.op("Unsqueeze", [b.op("Div", [indices!, count]), b.ints([-1])]);
  const labels = b.op("Add", [b.op("Mod", [indices!, count]), b.scalar(1, "int64")]);
  b.output(b.op("GatherND", [corners, of], { batch_dims: 1 }, "detection_boxes"));
  b.output(b.op("Identity", [values!], {}, "detection_scores"));
  b.output(b.op("Cast", [labels], { to: 1 }, "detection_classes"));
  return b.build();
}

/** A graph whose file says how many classes there are. */
export function withNames(graph: Graph, names: readonly string[]): Graph {
  const text = `{${names.map((name, i) => `${i}: '${name}'`).join(", ")}}`;
  return { ...graph, metadata: new Map([...graph.metadata, ["names", text]]) };
}

/** Small detectors by layout, and what they are. */
export const smallDetectors: Readonly<Record<string, (spec: DetectorSpec) => Graph>> = {
  yolov8: (spec) => yolov8(spec),
  "yolov8, transposed": (spec) => yolov8(spec, true),
  yolov5,
  yolox: (spec) => withNames(yolox(spec), namesOf(spec)),
  yolov10: (spec) => yolov10(spec),
  "detr, with nothing": (spec) => withNames(detr(spec, spec.classes + 1), namesOf(spec)),
  "rt-detr": (spec) => withNames(detr(spec, spec.classes), namesOf(spec)),
  "ssd, decoded": (spec) => ssd(spec, true),
  tensorflow: (spec) => tensorflow(spec),
};

function namesOf({ classes }: DetectorSpec): readonly string[] {
  return ["cat", "dog", "bird", "fish", "cow"].slice(0, classes);
}

/** The same numbers out of an operator whose columns nobody follows. */
export function hidden(graph: Graph): Graph {
  const [output] = graph.outputs;
  const nodes = graph.nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((name) => (name === output!.name ? "plain" : name)),
  }));
  const shape = tensorOf("int64", [1], [1]);
  const spread = {
    name: "spread",
    operator: "Expand",
    domain: "",
    inputs: ["plain", "shape"],
    outputs: [output!.name],
    attributes: {},
  };
  const initializers = new Map([...graph.initializers, ["shape", shape]]);
  return { ...graph, nodes: [...nodes, spread], initializers };
}
