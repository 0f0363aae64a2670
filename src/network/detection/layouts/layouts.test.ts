/** @file Every layout: it is known by its outputs, and drawn boxes that are written into raw numbers are read back. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  hidden,
  smallDetectors,
  yolov8,
  type DetectorSpec,
} from "../../../../test/detector-networks.ts";
import { createReferenceRuntime } from "../../../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../../../graph/builder.ts";
import type { Graph } from "../../../graph/graph.ts";
import { tensorOf } from "../../../graph/tensor.ts";
import { Model } from "../../model.ts";
import { decoded } from "../decode.ts";
import type { Detector } from "../detection.ts";
import { findDetector } from "../find-detector.ts";

/** A box as it is written: shares of the input's sides, a class, and a probability. */
interface Drawn {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly class: number;
  readonly score: number;
  /** Where in the list of predictions, from 0 to 1. */
  readonly at: number;
}

interface Layout {
  readonly name: string;
  /** Rows of the outputs, with the boxes written in as the layout's authors do; written by hand, by formulas of their own. */
  write(outputs: Outputs, boxes: readonly Written[], size: DetectorSpec): void;
}

interface Written extends Drawn {
  readonly prediction: number;
}

type Outputs = Readonly<Record<string, Float32Array>>;

const logit = (p: number) => Math.log(p / (1 - p));

/** [predictions, width] of rows, with what is written where there is a box. */
function rows(data: Float32Array, width: number) {
  return (prediction: number, numbers: readonly number[], from = 0) => {
    data.set(numbers, prediction * width + from);
  };
}

const inPixels = ({ x, y, w, h }: Drawn, { widthPx, heightPx }: DetectorSpec) => [
  x * widthPx,
  y * heightPx,
  w * widthPx,
  h * heightPx,
];

const cornersOf = ([x, y, w, h]: readonly number[]) => [
  x! - w! / 2,
  y! - h! / 2,
  x! + w! / 2,
  y! + h! / 2,
];

const ones = (classes: number, at: number, value: number, other: number) =>
  Array.from({ length: classes }, (_, k) => (k === at ? value : other));

const layouts: readonly Layout[] = [
  {
    name: "yolov8",
    write: ({ output0 }, boxes, size) => {
      const n = output0!.length / (4 + size.classes);
      for (const box of boxes) {
        const numbers = [...inPixels(box, size), ...ones(size.classes, box.class, box.score, 0)];
        for (const [k, number] of numbers.entries()) output0![k * n + box.prediction] = number;
      }
    },
  },
  {
    name: "yolov8, transposed",
    write: ({ output0 }, boxes, size) => {
      const write = rows(output0!, 4 + size.classes);
      for (const box of boxes) {
        write(box.prediction, inPixels(box, size));
        write(box.prediction, ones(size.classes, box.class, box.score, 0), 4);
      }
    },
  },
  {
    name: "yolov5",
    write: ({ output }, boxes, size) => {
      const write = rows(output!, 5 + size.classes);
      for (const box of boxes) {
        write(box.prediction, inPixels(box, size));
        // The score is the product of both.
        write(box.prediction, [Math.sqrt(box.score)], 4);
        write(box.prediction, ones(size.classes, box.class, Math.sqrt(box.score), 0), 5);
      }
    },
  },
  {
    name: "yolox",
    write: ({ output }, boxes, size) => {
      const write = rows(output!, 5 + size.classes);
      const places = [8, 16, 32].flatMap((stride) => {
        const [h, w] = [size.heightPx / stride, size.widthPx / stride];
        return Array.from({ length: h * w }, (_, i) => ({
          stride,
          column: i % w,
          row: Math.floor(i / w),
        }));
      });
      for (const box of boxes) {
        const { stride, column, row } = places[box.prediction]!;
        const [x, y, w, h] = inPixels(box, size) as [number, number, number, number];
        const grid = [x / stride - column, y / stride - row];
        write(box.prediction, [...grid, Math.log(w / stride), Math.log(h / stride), 1]);
        write(box.prediction, ones(size.classes, box.class, box.score, 0), 5);
      }
    },
  },
  {
    name: "yolov10",
    write: ({ output0 }, boxes, size) => {
      const write = rows(output0!, 6);
      for (const box of boxes) {
        write(box.prediction, [...cornersOf(inPixels(box, size)), box.score, box.class]);
      }
    },
  },
  {
    name: "detr, with nothing",
    write: (outputs, boxes, size) => {
      const write = rows(outputs["logits"]!, size.classes + 1);
      const place = rows(outputs["pred_boxes"]!, 4);
      const n = outputs["pred_boxes"]!.length / 4;
      for (let q = 0; q < n; q++) write(q, [20], size.classes);
      for (const box of boxes) {
        write(box.prediction, ones(size.classes, box.class, Math.log(box.score), -40));
        write(box.prediction, [Math.log(1 - box.score)], size.classes);
        place(box.prediction, [box.x, box.y, box.w, box.h]);
      }
    },
  },
  {
    name: "rt-detr",
    write: (outputs, boxes, size) => {
      outputs["logits"]!.fill(-20);
      const write = rows(outputs["logits"]!, size.classes);
      const place = rows(outputs["pred_boxes"]!, 4);
      for (const box of boxes) {
        write(box.prediction, ones(size.classes, box.class, logit(box.score), -20));
        place(box.prediction, [box.x, box.y, box.w, box.h]);
      }
    },
  },
  {
    name: "ssd, decoded",
    write: (outputs, boxes, size) => {
      const write = rows(outputs["scores"]!, size.classes + 1);
      const place = rows(outputs["boxes"]!, 4);
      const n = outputs["boxes"]!.length / 4;
      for (let q = 0; q < n; q++) write(q, [1]);
      for (const box of boxes) {
        write(box.prediction, [1 - box.score, ...ones(size.classes, box.class, box.score, 0)]);
        place(box.prediction, cornersOf([box.x, box.y, box.w, box.h]));
      }
    },
  },
  {
    name: "tensorflow",
    write: (outputs, boxes) => {
      for (const box of boxes) {
        const [left, top, right, bottom] = cornersOf([box.x, box.y, box.w, box.h]);
        rows(outputs["detection_boxes"]!, 4)(box.prediction, [top!, left!, bottom!, right!]);
        outputs["detection_scores"]![box.prediction] = box.score;
        outputs["detection_classes"]![box.prediction] = box.class;
      }
    },
  },
];

const sizes = [
  { heightPx: 64, widthPx: 64 },
  { heightPx: 96, widthPx: 160 },
  { heightPx: 160, widthPx: 64 },
].map((sides): DetectorSpec => ({ seed: 1, classes: 3, ...sides }));

function emptyOutputs(graph: Graph): Record<string, Float32Array> {
  return Object.fromEntries(
    graph.outputs.map(({ name, dims }) => {
      const length = (dims as readonly number[]).reduce((product, size) => product * size, 1);
      return [name, new Float32Array(length)];
    }),
  );
}

/** Boxes that do not overlap: each in a cell of its own of 3 x 3. */
const drawnBoxes = fc.array(
  fc.record({
    x: fc.double({ min: 0.1, max: 0.2, noNaN: true }),
    y: fc.double({ min: 0.1, max: 0.2, noNaN: true }),
    w: fc.double({ min: 0.05, max: 0.15, noNaN: true }),
    h: fc.double({ min: 0.05, max: 0.15, noNaN: true }),
    class: fc.integer({ min: 0, max: 2 }),
    score: fc.double({ min: 0.3, max: 0.95, noNaN: true }),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 9 },
);

function written(detector: Detector, drawn: readonly Drawn[]): readonly Written[] {
  const step = Math.floor(detector.predictions / 10);
  return drawn.map((box, i) => ({
    ...box,
    x: box.x + (i % 3) / 3,
    y: box.y + Math.floor(i / 3) / 3,
    prediction: i * Math.max(step, 1),
  }));
}

describe.each(layouts)("$name", ({ name, write }) => {
  test.each(sizes)("at $heightPx x $widthPx boxes are read as they were written", (size) => {
    const graph = smallDetectors[name]!(size);
    const detector = findDetector(graph, { isAsked: false })!;
    expect(detector).toBeDefined();
    fc.assert(
      fc.property(drawnBoxes, (drawn) => {
        const outputs = emptyOutputs(graph);
        const boxes = written(detector, drawn);
        write(outputs, boxes, size);
        const found = decoded(detector, (value) => outputs[value]!);
        const wanted = boxes.toSorted((a, b) => b.score - a.score);
        expect(found).toHaveLength(wanted.length);
        const byPrediction = new Map(found.map((box) => [box.anchor, box]));
        for (const box of wanted) {
          const one = byPrediction.get(box.prediction)!;
          const [left, top, right, bottom] = cornersOf(inPixels(box, size));
          expect(one.class).toBe(box.class);
          expect(one.score).toBeCloseTo(box.score, 5);
          expect(Math.abs(one.left - left!)).toBeLessThan(1e-3);
          expect(Math.abs(one.top - top!)).toBeLessThan(1e-3);
          expect(Math.abs(one.right - right!)).toBeLessThan(1e-3);
          expect(Math.abs(one.bottom - bottom!)).toBeLessThan(1e-3);
          if (one.classes)
            expect(one.classes[box.class]! * one.objectness).toBeCloseTo(box.score, 5);
        }
        const scores = found.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
      { numRuns: 30 },
    );
  });
});

describe("numbers behind the classes", () => {
  const size = sizes[0]!;
  const extras = [
    { task: "segment", extra: 32, more: [] },
    { task: "pose", extra: 51, more: [["kpt_shape", "[17, 3]"]] },
    { task: "obb", extra: 1, more: [] },
  ] as const;
  const names = ["names", "{0: 'a', 1: 'b', 2: 'c'}"] as const;

  test.each(extras)("$extra of $task are told apart by metadata and said", (one) => {
    const graph = yolov8({ ...size, classes: 3 + one.extra });
    const metadata = new Map<string, string>([["task", one.task], names, ...one.more]);
    const detector = findDetector({ ...graph, metadata }, { isAsked: false })!;
    expect(detector.classes).toBe(3);
    expect(JSON.stringify(detector.notes)).toContain(`${one.extra} more numbers`);
  });

  test.each(extras)("$extra are told apart by the count of names alone", ({ extra }) => {
    const graph = yolov8({ ...size, classes: 3 + extra });
    const detector = findDetector({ ...graph, metadata: new Map([names]) }, { isAsked: true })!;
    expect(detector.classes).toBe(3);
    expect(JSON.stringify(detector.notes)).toContain(`${extra} more numbers`);
  });

  test("a second output of mask prototypes is passed over", () => {
    const graph = yolov8({ ...size, classes: 3 + 32 });
    const prototypes = { name: "output1", type: "float32" as const, dims: [1, 32, 16, 16] };
    const outputs = [...graph.outputs, prototypes];
    const metadata = new Map<string, string>([["task", "segment"], names]);
    const detector = findDetector({ ...graph, outputs, metadata }, { isAsked: false })!;
    expect(detector.output).toBe("output0");
    expect(detector.classes).toBe(3);
  });
});

describe("where the graph does not tell what lies behind the classes", () => {
  const size = sizes[0]!;

  test("as many coefficients as there are maps of masks are none of classes", () => {
    const drawn = fc.record({
      classes: fc.integer({ min: 1, max: 90 }),
      masks: fc.integer({ min: 1, max: 40 }),
      name: fc.constantFrom("yolov8", "yolov8, transposed", "yolov5"),
    });
    fc.assert(
      fc.property(drawn, ({ classes, masks, name }) => {
        const graph = hidden(smallDetectors[name]!({ ...size, classes: classes + masks }));
        const maps = { name: "output1", type: "float32" as const, dims: [1, masks, 16, 16] };
        const outputs = [...graph.outputs, maps];
        const detector = findDetector({ ...graph, outputs }, { isAsked: false });
        fc.pre(detector !== undefined);
        expect(detector.classes).toBe(classes);
      }),
    );
  });
});

test("names that a user gives tell how many classes there are where the file does not", () => {
  const drawn = fc.record({
    classes: fc.integer({ min: 1, max: 60 }),
    extra: fc.integer({ min: 0, max: 60 }),
    name: fc.constantFrom("yolov8", "yolov8, transposed"),
    isHidden: fc.boolean(),
  });
  fc.assert(
    fc.property(drawn, ({ classes, extra, name, isHidden }) => {
      const graph = smallDetectors[name]!({ ...sizes[0]!, classes: classes + extra });
      const given = { isAsked: false, names: classes };
      const detector = findDetector(isHidden ? hidden(graph) : graph, given)!;
      // What one sigmoid gives are as many classes, whatever file of names is given.
      expect(detector.classes).toBe(isHidden ? classes : classes + extra);
    }),
  );
});

test("changes of anchors that the file does not hold are told, and scores are read without boxes", async () => {
  const { ssd } = await import("../../../../test/detector-networks.ts");
  const detector = findDetector(ssd(sizes[0]!, false), { isAsked: false })!;
  expect(detector.boxes).toBeUndefined();
  expect(detector.layout).toBe("ssd");
  expect(JSON.stringify(detector.notes)).toContain("does not hold the anchors");
});

test("a network that suppresses boxes itself is no detector, and a note says what to export", async () => {
  const b = new GraphBuilder();
  const x = b.input("images", [1, 3, 64, 64]);
  const rows = b.op("Reshape", [
    b.op("Conv", [x, b.constant(new Float32Array(5 * 192), [5, 3, 8, 8])], { strides: [8, 8] }),
    b.ints([1, 5, 64]),
  ]);
  const [boxes, logits] = b.ops("Split", [rows, b.ints([4, 1])], 2, { axis: 1 });
  const scores = b.op("Sigmoid", [logits!]);
  const listed = b.op("Transpose", [boxes!], { perm: [0, 2, 1] });
  const graph = b.build();
  const node = (operator: string, inputs: string[], output: string, axis: number) => ({
    name: output,
    operator,
    domain: "",
    inputs,
    outputs: [output],
    attributes: operator === "Gather" ? { axis: { kind: "int" as const, value: axis } } : {},
  });
  const suppressing: Graph = {
    ...graph,
    nodes: [
      ...graph.nodes,
      node("NonMaxSuppression", [listed.name, scores.name], "kept", 0),
      node("Gather", ["kept", "two"], "places", 1),
      node("Gather", [rows.name, "places"], "output0", 2),
    ],
    initializers: new Map([...graph.initializers, ["two", tensorOf("int64", [], [2])]]),
    outputs: [{ name: "output0", type: "float32", dims: [1, 5, 64] }],
    metadata: new Map([
      ["task", "detect"],
      ["names", "{0: 'a'}"],
    ]),
  };
  expect(findDetector(suppressing, { isAsked: false })).toBeUndefined();
  const model = new Model(suppressing, createReferenceRuntime());
  expect(model.head.kind).toBe("items");
  expect(JSON.stringify(model.notes)).toContain("not read as boxes");
});
