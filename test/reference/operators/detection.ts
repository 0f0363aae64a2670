/** @file Selection of boxes in the float64 interpreter. */
import type { AttributeReader } from "../../../src/graph/attributes.ts";
import { at, ndarray, type NdArray } from "../ndarray.ts";
import { numbers, required, type OperatorInputs, type OperatorTable } from "../operator.ts";

/** Lowest and highest coordinate of both axes. */
interface Box {
  readonly low: readonly [number, number];
  readonly high: readonly [number, number];
}

/** A box given by two opposite corners (y, x, y, x), or by centre and size (x, y, w, h). */
function boxAt(boxes: NdArray, batch: number, index: number, byCenter: boolean): Box {
  const [a, b, c, d] = [0, 1, 2, 3].map((k) => at(boxes, [batch, index, k])) as [
    number,
    number,
    number,
    number,
  ];
  if (byCenter) {
    return { low: [b - d / 2, a - c / 2], high: [b + d / 2, a + c / 2] };
  }
  return {
    low: [Math.min(a, c), Math.min(b, d)],
    high: [Math.max(a, c), Math.max(b, d)],
  };
}

function area(box: Box): number {
  return Math.max(0, box.high[0] - box.low[0]) * Math.max(0, box.high[1] - box.low[1]);
}

function intersectionOverUnion(a: Box, b: Box): number {
  const overlap = area({
    low: [Math.max(a.low[0], b.low[0]), Math.max(a.low[1], b.low[1])],
    high: [Math.min(a.high[0], b.high[0]), Math.min(a.high[1], b.high[1])],
  });
  return overlap === 0 ? 0 : overlap / (area(a) + area(b) - overlap);
}

/** Rows (batch, class, box) of the boxes kept: best first, none overlapping a better one too much. */
function nonMaxSuppression(inputs: OperatorInputs, attributes: AttributeReader): NdArray[] {
  const boxes = required(inputs, 0);
  const scores = required(inputs, 1);
  const [most] = numbers(inputs, 2, [0]);
  const [overlap] = numbers(inputs, 3, [0]);
  const [least] = numbers(inputs, 4, [-Infinity]);
  const byCenter = attributes.int("center_point_box", 0) === 1;
  const [batches, classes, count] = scores.dims as [number, number, number];
  const rows: number[][] = [];
  for (let batch = 0; batch < batches; batch++) {
    for (let category = 0; category < classes; category++) {
      const score = (k: number) => at(scores, [batch, category, k]);
      const candidates = Array.from({ length: count }, (_, k) => k)
        .filter((k) => score(k) > least!)
        .sort((a, b) => score(b) - score(a) || a - b);
      const kept: number[] = [];
      for (const candidate of candidates) {
        if (kept.length >= most!) break;
        const box = boxAt(boxes, batch, candidate, byCenter);
        const covered = kept.some(
          (k) => intersectionOverUnion(boxAt(boxes, batch, k, byCenter), box) > overlap!,
        );
        if (!covered) kept.push(candidate);
      }
      rows.push(...kept.map((k) => [batch, category, k]));
    }
  }
  return [ndarray("int64", [rows.length, 3], rows.flat())];
}

export const detection: OperatorTable = {
  NonMaxSuppression: nonMaxSuppression,
};
