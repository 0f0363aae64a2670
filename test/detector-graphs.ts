/** @file Detectors of each kind of head, small and with drawn weights, and the maps that feed their heads. */
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { randomStream, type RandomStream } from "../src/random.ts";

/** A drawn detector. */
interface DetectorDesign {
  readonly seed: number;
  /** Side of the picture in pixels, a multiple of 32. */
  readonly sidePx: number;
  /** How many scales the head reads. */
  readonly scales: number;
}

/** A detector, and the names of the feature maps that feed its head, the finest first. */
interface DetectorCase {
  readonly graph: Graph;
  readonly fed: readonly string[];
}

const classes = 2;

/** Writes convolutions with drawn weights. */
class Writer {
  readonly b = new GraphBuilder();
  readonly #random: RandomStream;

  constructor(seed: number) {
    this.#random = randomStream("detector", seed);
  }

  weights(dims: readonly number[]): Value {
    const count = dims.reduce((product, dim) => product * dim, 1);
    const scale = 1 / Math.sqrt(count / dims[0]!);
    return this.b.constant(
      Array.from({ length: count }, () => scale * this.#random.normal()),
      dims,
    );
  }

  conv(from: Value, channels: number, kernel = 1, stride = 1, name?: string): Value {
    const pad = Math.floor(kernel / 2);
    const attributes = { strides: [stride, stride], pads: [pad, pad, pad, pad] };
    const inputs = [from, this.weights([channels, from.dims[1]!, kernel, kernel])];
    return this.b.op("Conv", inputs, attributes, ...(name === undefined ? [] : [name]));
  }

  /** A convolution and SiLU, as x * sigmoid(x). */
  block(from: Value, channels: number, kernel = 3, stride = 1, name?: string): Value {
    const made = this.conv(from, channels, kernel, stride);
    const gate = this.b.op("Sigmoid", [made]);
    return this.b.op("Mul", [made, gate], {}, ...(name === undefined ? [] : [name]));
  }

  upsampled(from: Value): Value {
    const scales = this.b.constant([1, 1, 2, 2], [4]);
    return this.b.op("Resize", [from, null, scales], { mode: "nearest" });
  }

  /** [N, rows, places] of a map. */
  flat(from: Value): Value {
    return this.b.op("Reshape", [from, this.b.ints([0, from.dims[1]!, -1])]);
  }

  /** Attention of tokens [N, T, C] over themselves or others. */
  attention(queries: Value, tokens: Value): Value {
    const { b } = this;
    const width = tokens.dims.at(-1)!;
    const keys = b.op("MatMul", [tokens, this.weights([width, width])]);
    const products = b.op("MatMul", [queries, b.op("Transpose", [keys], { perm: [0, 2, 1] })]);
    const shares = b.op("Softmax", [products], { axis: -1 });
    return b.op("MatMul", [shares, b.op("MatMul", [tokens, this.weights([width, width])])]);
  }
}

/** Maps of the backbone at strides 4, 8, ..., joined from fine to coarse and back as a path aggregation network. */
function pyramid(w: Writer, { sidePx, scales }: DetectorDesign, isTwoWay: boolean): Value[] {
  const picture = w.b.input("images", [1, 3, sidePx, sidePx]);
  let value = w.block(picture, 4, 3, 2);
  const backbone = Array.from({ length: scales }, () => (value = w.block(value, 6, 3, 2)));
  // Attention on the coarsest, which leaves the form of a map and comes back to it.
  const last = backbone.at(-1)!;
  const tokens = w.b.op("Transpose", [w.flat(last)], { perm: [0, 2, 1] });
  const mixed = w.b.op("Transpose", [w.attention(tokens, tokens)], { perm: [0, 2, 1] });
  const folded = w.b.op("Reshape", [mixed, w.b.ints(last.dims)]);
  const down = [w.b.op("Add", [last, folded])];
  for (const lateral of backbone.slice(0, -1).toReversed()) {
    const joined = w.b.concat([w.upsampled(down[0]!), lateral], 1);
    down.unshift(w.block(joined, 6));
  }
  if (!isTwoWay) return down;
  const up = [down[0]!];
  for (const lateral of down.slice(1)) {
    up.push(w.block(w.b.concat([w.block(up.at(-1)!, 6, 3, 2), lateral], 1), 6));
  }
  return up;
}

/** The maps under names of their own. */
function named(w: Writer, maps: readonly Value[]): readonly [readonly Value[], readonly string[]] {
  const names = maps.map((_, i) => `P${i + 3}`);
  return [maps.map((map, i) => w.block(map, 5, 1, 1, names[i])), names];
}

type Make = (design: DetectorDesign) => DetectorCase;

/** Two branches a scale, joined; boxes as distributions over bins, as YOLOv8 and 11 have them. */
const anchorFree: Make = (design) => {
  const w = new Writer(design.seed);
  const { b } = w;
  const [maps, fed] = named(w, pyramid(w, design, true));
  const bins = 4;
  const heads = maps.map((map) => {
    const box = w.conv(w.block(w.block(map, 6), 6), 4 * bins);
    const own = w.conv(w.block(w.block(map, 5), 5), classes);
    return w.flat(b.concat([box, own], 1));
  });
  const all = b.concat(heads, 2);
  const slice = (from: number, to: number) =>
    b.op("Slice", [all, b.ints([from]), b.ints([to]), b.ints([1])]);
  const shares = b.op("Reshape", [slice(0, 4 * bins), b.ints([0, 4, bins, -1])]);
  const soft = b.op("Softmax", [b.op("Transpose", [shares], { perm: [0, 2, 1, 3] })], { axis: 1 });
  const edges = b.op("Reshape", [
    b.op("Conv", [soft, b.constant([0, 1, 2, 3], [1, bins, 1, 1])]),
    b.ints([0, 4, -1]),
  ]);
  const scores = b.op("Sigmoid", [slice(4 * bins, 4 * bins + classes)]);
  b.output(b.op("Concat", [edges, scores], { axis: 1 }, "output"));
  return { graph: b.build(), fed };
};

/** One convolution a scale with anchors on an axis of their own, as YOLOv5. */
const anchored: Make = (design) => {
  const w = new Writer(design.seed);
  const { b } = w;
  const [maps, fed] = named(w, pyramid(w, design, true));
  const heads = maps.map((map) => {
    const made = w.conv(map, 3 * (5 + classes));
    const [, , height, width] = made.dims as [number, number, number, number];
    const split = b.op("Reshape", [made, b.ints([0, 3, 5 + classes, height, width])]);
    const turned = b.op("Transpose", [split], { perm: [0, 1, 3, 4, 2] });
    return b.op("Reshape", [b.op("Sigmoid", [turned]), b.ints([0, -1, 5 + classes])]);
  });
  b.output(b.op("Concat", heads, { axis: 1 }, "output"));
  return { graph: b.build(), fed };
};

/** Class and box branches in outputs of their own, over a pyramid of one way, as RetinaNet and FCOS. */
const twoOutputs: Make = (design) => {
  const w = new Writer(design.seed);
  const { b } = w;
  const [maps, fed] = named(w, pyramid(w, design, false));
  const rows = (map: Value, channels: number) => {
    const made = w.conv(w.block(w.block(map, 4), 4), channels);
    return b.op("Transpose", [w.flat(made)], { perm: [0, 2, 1] });
  };
  const scores = b.op("Sigmoid", [
    b.concat(
      maps.map((map) => rows(map, classes)),
      1,
    ),
  ]);
  b.output(b.op("Identity", [scores], {}, "scores"));
  b.output(
    b.op(
      "Concat",
      maps.map((map) => rows(map, 4)),
      { axis: 1 },
      "boxes",
    ),
  );
  return { graph: b.build(), fed };
};

/** The head's maps themselves, an output a scale. */
const rawMaps: Make = (design) => {
  const w = new Writer(design.seed);
  const [maps, fed] = named(w, pyramid(w, design, true));
  for (const [i, map] of maps.entries()) {
    w.b.output(w.conv(w.block(map, 6), 5 + classes, 1, 1, `head${i}`));
  }
  // A block before the only convolution belongs to no branch: it is the last map that feeds the head.
  const made = w.b.build();
  const before = (name: string) =>
    made.nodes.find(({ outputs }) => outputs[0] === name)!.inputs[0]!;
  return { graph: made, fed: fed.map((_, i) => before(`head${i}`)) };
};

/** Queries that look at the tokens of one map, as DETR. */
const ofQueries: Make = (design) => {
  const w = new Writer(design.seed);
  const { b } = w;
  const maps = pyramid(w, { ...design, scales: 2 }, false);
  const last = w.block(maps.at(-1)!, 6, 3, 2, "C5");
  const projected = w.conv(last, 8);
  const tokens = b.op("Transpose", [w.flat(projected)], { perm: [0, 2, 1] });
  const encoded = b.op("Add", [tokens, w.attention(tokens, tokens)]);
  const queries = b.op("Expand", [w.weights([1, 5, 8]), b.ints([1, 5, 8])]);
  const decoded = w.attention(queries, encoded);
  b.output(b.op("MatMul", [decoded, w.weights([8, classes + 1])], {}, "logits"));
  b.output(b.op("Sigmoid", [b.op("MatMul", [decoded, w.weights([8, 4])])], {}, "boxes"));
  return { graph: b.build(), fed: ["C5"] };
};

/** Detectors by the kind of their head. */
export const detectorKinds: Readonly<Record<string, Make>> = {
  "two joined branches a scale": anchorFree,
  "anchors on an axis of their own": anchored,
  "outputs of classes and of boxes": twoOutputs,
  "an output a scale": rawMaps,
  "queries of one map": ofQueries,
};
