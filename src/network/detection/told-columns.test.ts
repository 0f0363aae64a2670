/** @file Objectness, classes and what lies behind them, told by the ways in which exporters join them. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GraphBuilder, type Value } from "../../graph/builder.ts";
import type { Graph } from "../../graph/graph.ts";
import { decoded } from "./decode.ts";
import { findDetector } from "./find-detector.ts";

const [heightPx, widthPx] = [64, 96];
const strides = [8, 16, 32];
const predictions = strides.reduce((sum, s) => sum + (heightPx / s) * (widthPx / s), 0);

/** How a file joins the numbers of its predictions. */
const ways = fc.record({
  classes: fc.integer({ min: 1, max: 7 }),
  objectness: fc.constantFrom("none", "sigmoid", "ones"),
  extra: fc.constantFrom(0, 1, 2, 5, 32),
  /** Each head's own convolution, all convolutions under one sigmoid, or one convolution that is cut. */
  heads: fc.constantFrom("own", "cut"),
  joined: fc.constantFrom("by scale", "by head"),
  cutBy: fc.constantFrom("Split", "Slice"),
  isDecoded: fc.boolean(),
  isTransposed: fc.boolean(),
  /** Whether shapes are those that most files hold: of inputs and outputs alone. */
  isBare: fc.boolean(),
});

type Way = typeof ways extends fc.Arbitrary<infer T> ? T : never;

function pointwise(b: GraphBuilder, from: Value, into: number): Value {
  return b.op("Conv", [from, b.constant(new Float32Array(3 * into).fill(0.1), [into, 3, 1, 1])]);
}

/** Columns `from` to before `to` of [1, c, ...]. */
function columns(b: GraphBuilder, value: Value, [from, to]: readonly [number, number], way: Way) {
  if (way.cutBy === "Slice") {
    return b.op("Slice", [value, b.ints([from]), b.ints([to]), b.ints([1])]);
  }
  const sizes = [from, to - from, value.dims[1]! - to].filter((size) => size > 0);
  const parts = b.ops("Split", [value, b.ints(sizes)], sizes.length, { axis: 1 });
  return parts[from > 0 ? 1 : 0]!;
}

/** [1, 4, n], [1, 1, n], [1, classes, n], [1, extra, n] of a map, before any sigmoid; nothing for what there is none of. */
function rawHeads(b: GraphBuilder, map: Value, way: Way): Value[] {
  const widths = [4, way.objectness === "sigmoid" ? 1 : 0, way.classes, way.extra];
  const flat = (value: Value) => b.op("Reshape", [value, b.ints([1, value.dims[1]!, -1])]);
  if (way.heads === "own") {
    return widths.flatMap((width) => (width === 0 ? [] : [flat(pointwise(b, map, width))]));
  }
  const all = flat(
    pointwise(
      b,
      map,
      widths.reduce((sum, width) => sum + width, 0),
    ),
  );
  let at = 0;
  return widths.flatMap((width) => {
    at += width;
    return width === 0 ? [] : [columns(b, all, [at - width, at], way)];
  });
}

/** What the file gives of raw heads: boxes in pixels or as they are, sigmoids of objectness and classes. */
function given(b: GraphBuilder, heads: readonly Value[], way: Way): Value[] {
  const [box, ...others] = heads as [Value, ...Value[]];
  const scores = way.objectness === "sigmoid" ? 2 : 1;
  const placed = way.isDecoded ? b.op("Mul", [b.op("Exp", [box]), b.scalar(8)]) : box;
  const active = others.map((value, i) => (i < scores ? b.op("Sigmoid", [value]) : value));
  const isOne = way.objectness === "ones";
  const ones = isOne
    ? [b.constant(new Float32Array(box.dims[2]!).fill(1), [1, 1, box.dims[2]!])]
    : [];
  return [placed, ...ones, ...active];
}

function network(way: Way): Graph {
  const b = new GraphBuilder();
  const x = b.input("images", [1, 3, heightPx, widthPx]);
  const maps = strides.map((s) =>
    b.op("AveragePool", [x], { kernel_shape: [s, s], strides: [s, s] }),
  );
  const raw = maps.map((map) => rawHeads(b, map, way));
  const joined =
    way.joined === "by scale"
      ? b.concat(
          raw.map((heads) => b.concat(given(b, heads, way), 1)),
          2,
        )
      : b.concat(
          given(
            b,
            raw[0]!.map((_, i) =>
              b.concat(
                raw.map((heads) => heads[i]!),
                2,
              ),
            ),
            way,
          ),
          1,
        );
  b.output(
    way.isTransposed
      ? b.op("Transpose", [joined], { perm: [0, 2, 1] }, "output0")
      : b.op("Identity", [joined], {}, "output0"),
  );
  const graph = b.build();
  return way.isBare ? { ...graph, shapes: new Map() } : graph;
}

test("however they are joined, each number is read as what it is", () => {
  fc.assert(
    fc.property(ways, fc.nat(), (way, seed) => {
      const detector = findDetector(network(way), { isAsked: false })!;
      const offset = way.objectness === "none" ? 4 : 5;
      expect(detector.classes).toBe(way.classes);
      expect(detector.layout).toBe(way.objectness === "none" ? "yolov8" : "yolov5");
      expect(detector.activation).toBeUndefined();
      const width = offset + way.classes + way.extra;
      const [meant, named] = [seed % predictions, seed % way.classes];
      const row = new Float32Array(width * predictions);
      const put = (k: number, number: number) => {
        row[way.isTransposed ? meant * width + k : k * predictions + meant] = number;
      };
      for (const [k, number] of [20, 20, 9, 9].entries()) put(k, number);
      if (offset === 5) put(4, way.objectness === "ones" ? 1 : 0.5);
      put(offset + named, 0.8);
      for (let k = 0; k < way.extra; k++) put(offset + way.classes + k, 3);
      const found = decoded(detector, () => row);
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({ class: named, anchor: meant });
      expect(found[0]!.score).toBeCloseTo(way.objectness === "sigmoid" ? 0.4 : 0.8, 5);
    }),
    { numRuns: 400 },
  );
});

test("of a list of boxes the column that numbers classes is none of scores", () => {
  const lists = fc.record({
    classes: fc.integer({ min: 2, max: 9 }),
    isClassFirst: fc.boolean(),
    isCutAgain: fc.boolean(),
  });
  fc.assert(
    fc.property(lists, ({ classes, isClassFirst, isCutAgain }) => {
      const b = new GraphBuilder();
      const x = b.input("images", [1, 3, 64, 64]);
      const map = b.op("AveragePool", [x], { kernel_shape: [8, 8], strides: [8, 8] });
      const flat = (width: number) =>
        b.op("Transpose", [b.op("Reshape", [pointwise(b, map, width), b.ints([1, width, 64])])], {
          perm: [0, 2, 1],
        });
      const boxes = b.op("Slice", [flat(4), b.ints([0]), b.ints([12]), b.ints([1])]);
      const row = b.op("Flatten", [b.op("Sigmoid", [flat(classes)])], { axis: 1 });
      const [values, places] = b.ops("TopK", [row, b.ints([12])], 2, { axis: -1 });
      const labels = b.cast(b.op("Mod", [places!, b.scalar(classes, "int64")]), "float32");
      const [score, label] = [values!, labels].map((value) =>
        b.op("Unsqueeze", [value, b.ints([-1])]),
      );
      const list = isCutAgain ? b.concat([boxes, score!, label!], 2) : undefined;
      const cut = (from: number, to: number) =>
        b.op("Slice", [list!, b.ints([from]), b.ints([to]), b.ints([2])]);
      const [box, first, second] = list
        ? [cut(0, 4), cut(4, 5), cut(5, 6)]
        : [boxes, score!, label!];
      const order = isClassFirst ? [box, second, first] : [box, first, second];
      b.output(b.op("Concat", order, { axis: 2 }, "output0"));
      const detector = findDetector({ ...b.build(), shapes: new Map() }, { isAsked: false })!;
      expect(detector.layout).toBe("end-to-end");
      expect(detector.scores.offset).toBe(isClassFirst ? 5 : 4);
      expect(detector.labels!.offset).toBe(isClassFirst ? 4 : 5);
    }),
  );
});
