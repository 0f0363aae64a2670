/** @file Units of boxes and what are scores: where numbers speak against what is assumed they win, where nothing does it stays. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { smallDetectors, type DetectorSpec } from "../../../test/detector-networks.ts";
import { readyModel } from "../../app/open.ts";
import type { Graph } from "../../graph/graph.ts";
import { tensorOf, type Tensor } from "../../graph/tensor.ts";
import { randomStream } from "../../random.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { explainedOn } from "../../scores/picture-target.ts";
import { scoreRows } from "../../attribution/perturbation/scored-rows.ts";
import { libraryWords, wordsOf } from "../../wording/face.ts";
import type { Model } from "../model.ts";
import { decoded } from "./decode.ts";
import type { Detector } from "./detection.ts";
import { detectionsOf } from "./detections.ts";
import { seenNumbers } from "./looked-at.ts";
import { seenUnit } from "./seen-unit.ts";

const runtime = createNodeRuntime({ threads: 1 });

const specs = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  heightPx: fc.constantFrom(64, 96, 128),
  widthPx: fc.constantFrom(64, 96, 128),
  classes: fc.integer({ min: 1, max: 5 }),
  bias: fc.constantFrom(0, 2),
});

function pictureOf({ seed, heightPx, widthPx }: DetectorSpec): Tensor {
  const random = randomStream("picture", seed);
  const numbers = Array.from({ length: 3 * heightPx * widthPx }, () => random.normal());
  return tensorOf("float32", [1, 3, heightPx, widthPx], numbers);
}

const open = (graph: Graph) => readyModel(graph, runtime, {});

async function scoreOf(model: Model, side: "x" | "y" | "w" | "h", picture: Tensor) {
  const explained = await explainedOn(model, { kind: "box", box: 0, side }, picture);
  const [row] = await scoreRows(explained.model, picture, { targets: [0] });
  return row!.score;
}

describe.each(["yolov8", "yolov8, transposed", "yolov5", "yolov10", "ssd, decoded"])(
  "%s",
  (name) => {
    test("boxes of either unit are the same boxes, and so are their sides", async () => {
      let found = 0;
      await fc.assert(
        fc.asyncProperty(specs, fc.constantFrom("x", "y", "w", "h"), async (spec, side) => {
          const [usual, other] = await Promise.all(
            [false, true].map((isInOtherUnit) =>
              open(smallDetectors[name]!({ ...spec, isInOtherUnit })),
            ),
          );
          expect(usual!.seen).toBeUndefined();
          expect(JSON.stringify(other!.notes)).toContain("unlike those of most networks");
          const picture = pictureOf(spec);
          const [boxes] = await detectionsOf(usual!, picture);
          const [others] = await detectionsOf(other!, picture);
          expect(others).toHaveLength(boxes!.length);
          found += boxes!.length;
          for (const [i, box] of boxes!.entries()) {
            expect(others![i]!.class).toBe(box.class);
            for (const edge of ["left", "top", "right", "bottom"] as const) {
              expect(Math.abs(others![i]![edge] - box[edge])).toBeLessThan(0.01);
            }
          }
          if (boxes!.length === 0) return;
          const [a, b] = [
            await scoreOf(usual!, side, picture),
            await scoreOf(other!, side, picture),
          ];
          expect(Math.abs(a - b)).toBeLessThan(0.01);
        }),
        { numRuns: 25 },
      );
      expect(found).toBeGreaterThan(50);
    });
  },
);

test("where the file tells the unit no run says otherwise", async () => {
  for (const name of ["yolox", "rt-detr", "tensorflow"]) {
    // oxlint-disable-next-line no-await-in-loop -- a few
    const model = await open(
      smallDetectors[name]!({ seed: 1, heightPx: 64, widthPx: 64, classes: 3 }),
    );
    expect(model.seen).toBeUndefined();
    expect(model.head.detector?.boxes?.isUnitTold).toBe(true);
  }
});

test("a network whose scores are none is read as no detector, and a note says why", async () => {
  const spec = { seed: 1, heightPx: 64, widthPx: 64, classes: 2 };
  const graph = smallDetectors["yolov8"]!(spec);
  const percent = {
    name: "percent",
    operator: "Mul",
    domain: "",
    inputs: ["plain", "hundred"],
    outputs: ["output0"],
    attributes: {},
  };
  const nodes = graph.nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((name) => (name === "output0" ? "plain" : name)),
  }));
  const model = await open({
    ...graph,
    nodes: [...nodes, percent],
    initializers: new Map([...graph.initializers, ["hundred", tensorOf("float32", [], [100])]]),
    metadata: new Map([["task", "detect"]]),
  });
  expect(model.head.detector).toBeUndefined();
  const notes = model.notes.map((note) => wordsOf(note, libraryWords));
  expect(notes.join()).toContain(
    "is not read as boxes of the layout yolov8: on a picture of noise",
  );
});

test("scores of a picture that are none are not reported", () => {
  const { detector, rowOf } = rowsOf([[20, 20, 9, 9, 0.5, 1.96]]);
  expect(() => decoded(detector, rowOf)).toThrow(expect.objectContaining({ code: "bad-option" }));
});

/** A detector of n predictions by six numbers, and its row. */
function rowsOf(rows: readonly (readonly number[])[], more: Partial<Detector> = {}) {
  const width = rows[0]!.length;
  const numbers = {
    value: "rows",
    length: rows.length * width,
    predictionStep: width,
    numberStep: 1,
  };
  const detector = {
    layout: "yolov8",
    output: "rows",
    widthPx: 640,
    heightPx: 480,
    predictions: rows.length,
    scores: { ...numbers, offset: 4 },
    scoreCount: width - 4,
    activation: undefined,
    boxes: { ...numbers, offset: 0, form: "centre and size", areShares: false },
    ...more,
  } as unknown as Detector;
  const row = Float32Array.from(rows.flat());
  return { detector, rowOf: () => row };
}

const share = fc.float({ min: 0, max: 1, noNaN: true });
const four = fc.tuple(share, share, share, share);

test("what no numbers speak for stays as it is assumed, and is said to be", () => {
  const rows = fc.array(fc.constantFrom([0, 0, 0, 0], [0.5, 0.5, 0.25, 0.25]), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(rows, (drawn) => {
      const { detector, rowOf } = rowsOf(drawn.map((row) => [...row, 0.5]));
      expect(seenUnit(detector, detector.boxes!, rowOf)).toBe("open");
    }),
  );
});

test("numbers behind the last that can be a probability are none of classes", () => {
  const drawn = fc.record({
    scores: fc.integer({ min: 1, max: 6 }),
    extra: fc.integer({ min: 1, max: 20 }),
    boxes: fc.array(four, { minLength: 3, maxLength: 30 }),
    far: fc.constantFrom(-3, 1.5, 40, -0.2),
  });
  fc.assert(
    fc.property(drawn, ({ scores, extra, boxes, far }) => {
      const rows = boxes.map((box, i) => [
        ...box.map((side) => 100 * side),
        ...Array.from({ length: scores }, () => 0.5),
        ...Array.from({ length: extra }, (_, k) => (i === 0 && k === 0 ? far : 0.1)),
      ]);
      const { detector, rowOf } = rowsOf(rows);
      expect(seenNumbers(detector, rowOf).scores).toBe(scores);
    }),
  );
});

test("scores that are none refute a layout, unless the class stands before the score", () => {
  const drawn = fc.array(fc.tuple(four, fc.integer({ min: 0, max: 9 }), share), {
    minLength: 5,
    maxLength: 40,
  });
  fc.assert(
    fc.property(drawn, fc.boolean(), (list, isScored) => {
      const rows = list.map(([box, named, score], i) => [
        ...box.map((side) => 100 * side),
        i === 0 ? 3 : named,
        isScored ? 0.25 + score / 2 : 7 + score,
      ]);
      const more = { layout: "end-to-end", scoreCount: 1 } as const;
      const { detector, rowOf } = rowsOf(rows, more);
      const labels = { ...detector.scores, offset: 5 };
      const seen = seenNumbers({ ...detector, labels }, rowOf);
      if (isScored) expect(seen.isClassFirst).toBe(true);
      else expect(JSON.stringify(seen.refuted)).toContain("probabilities lie from 0 to 1");
    }),
  );
});
