/** @file What is no box, whatever its score, is not listed. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bestScore, decoded } from "./decode.ts";
import type { Detector } from "./detection.ts";

const predictions = 4;

function reading(boxes: readonly number[], scores: readonly number[]) {
  const numbers = { offset: 0, length: predictions, predictionStep: 1, numberStep: 1 };
  const detector = {
    layout: "yolov8",
    output: "output0",
    isAssumed: false,
    widthPx: 32,
    heightPx: 32,
    predictions,
    classes: 1,
    scores: { ...numbers, value: "scores" },
    scoreCount: 1,
    activation: undefined,
    boxes: {
      ...numbers,
      length: 4 * predictions,
      predictionStep: 4,
      value: "boxes",
      form: "corners",
      areShares: false,
    },
    isSuppressed: true,
    notes: [],
  } as unknown as Detector;
  const rows = new Map([
    ["boxes", Float32Array.from(boxes)],
    ["scores", Float32Array.from(scores)],
  ]);
  return { detector, rowOf: (value: string) => rows.get(value)! };
}

const side = fc.oneof(
  fc.integer({ min: -40, max: 80 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const score = fc.oneof(
  fc.float({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);

test("sides that are turned round, equal or no numbers are no box; scores that are no numbers name none", () => {
  const four = fc.array(side, { minLength: 16, maxLength: 16 });
  const scores = fc.array(score, { minLength: predictions, maxLength: predictions });
  fc.assert(
    fc.property(four, scores, (boxes, drawn) => {
      const { detector, rowOf } = reading(boxes, drawn);
      const listed = decoded(detector, rowOf, { confidence: 0.5 }).map(({ anchor }) => anchor);
      const meant = drawn.flatMap((each, p) => {
        const [left, top, right, bottom] = boxes.slice(4 * p) as [number, number, number, number];
        const isWhole = [left, top, right, bottom, each].every((number) => Number.isFinite(number));
        return isWhole && each >= 0.5 && right > left && bottom > top ? [p] : [];
      });
      expect(listed.toSorted((a, b) => a - b)).toEqual(meant);
      expect(Number.isFinite(bestScore(detector, rowOf))).toBe(true);
    }),
  );
});
