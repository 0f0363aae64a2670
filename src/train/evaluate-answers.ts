/** @file What segmenters and detectors are evaluated by: their answers of each picture, and the sums of them. */
import {
  meanPrecision,
  objectConfusion,
  withoutRepeats,
  type FoundObject,
  type ObjectBox,
} from "../evaluate/objects.ts";
import { meanOverlap } from "../evaluate/places.ts";
import type { Quality } from "../evaluate/quality.ts";
import type { GraphBuilder } from "../graph/builder.ts";
import { toNumbers } from "../graph/tensor.ts";
import type { Tensors } from "../runtime/runtime.ts";
import { placesFound } from "./places-loss.ts";
import type { BuiltNetwork } from "./trainable-network.ts";

/** What a network tells of a picture beyond one class, and what is true. */
export type PictureAnswer =
  | {
      readonly kind: "places";
      /** Class of each place, [H, W]. */
      readonly found: Int32Array;
      readonly labels: Int32Array;
    }
  | {
      readonly kind: "boxes";
      /** The best first. */
      readonly found: readonly FoundObject[];
      readonly objects: readonly ObjectBox[];
    };

/** Answers summed up. */
interface AnswerSums {
  readonly quality: Quality;
  /** Numbers of places; of objects with a last row and column for nothing. */
  readonly confusion: readonly (readonly number[])[];
}

/** How answers of one kind are asked for, read and summed up. */
export interface AnswerKind {
  /** Adds what is read of the network as graph outputs. */
  declare(b: GraphBuilder, built: BuiltNetwork): void;
  /** The answer of a row of the results; `labels` are the row's own. */
  read(results: Tensors, row: number, labels: Int32Array): PictureAnswer;
  sum(answers: readonly PictureAnswer[], classes: number): AnswerSums;
}

const names = { found: "found", boxes: "boxes", scores: "scores" } as const;

/** THE table of answers beyond one class. */
export const answerKinds = {
  places: {
    declare: (b, { logits }) => {
      b.output(b.op("Identity", [placesFound(b, logits)], {}, names.found));
    },
    read: (results, row, labels) => {
      const all = results[names.found]!.data as Int32Array;
      const found = all.slice(row * labels.length, (row + 1) * labels.length);
      return { kind: "places", found, labels };
    },
    sum: (answers, classes) => {
      const confusion = Array.from({ length: classes }, () =>
        Array.from({ length: classes }, () => 0),
      );
      for (const answer of answers) {
        if (answer.kind !== "places") continue;
        for (const [p, label] of answer.labels.entries()) confusion[label]![answer.found[p]!]! += 1;
      }
      return { quality: meanOverlap(confusion), confusion };
    },
  },
  boxes: {
    declare: (b, { logits, boxes }) => {
      b.output(b.op("Identity", [boxes!.values], {}, names.boxes));
      b.output(b.op("Sigmoid", [logits], {}, names.scores));
    },
    read: (results, row, labels) => ({
      kind: "boxes",
      found: foundIn(results, row),
      objects: objectsOf(labels),
    }),
    sum: (answers, classes) => {
      const pictures = answers.filter((answer) => answer.kind === "boxes");
      return {
        quality: meanPrecision(pictures, classes),
        confusion: objectConfusion(pictures, classes),
      };
    },
  },
} as const satisfies Readonly<Record<PictureAnswer["kind"], AnswerKind>>;

/** Boxes with a lower score are left out: they change no measure that is told. */
const leastScore = 0.01;

function foundIn(results: Tensors, row: number): readonly FoundObject[] {
  const [boxes, scores] = [results[names.boxes]!, results[names.scores]!];
  const [, classes, cells] = scores.dims as readonly [number, number, number];
  const sides = toNumbers(boxes).slice(row * 4 * cells, (row + 1) * 4 * cells);
  const values = toNumbers(scores).slice(row * classes * cells, (row + 1) * classes * cells);
  const found: FoundObject[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const [x, y, width, height] = [0, 1, 2, 3].map((i) => sides[i * cells + cell]!) as [
      number,
      number,
      number,
      number,
    ];
    const [left, right] = [x - width / 2, x + width / 2];
    const [top, bottom] = [y - height / 2, y + height / 2];
    for (let c = 0; c < classes; c++) {
      const score = values[c * cells + cell]!;
      if (score >= leastScore) found.push({ class: c, score, left, top, right, bottom });
    }
  }
  return withoutRepeats(found);
}

function objectsOf(labels: Int32Array): readonly ObjectBox[] {
  const objects: ObjectBox[] = [];
  for (let at = 0; at < labels.length; at += 5) {
    const [kind, left, top, right, bottom] = labels.subarray(at, at + 5);
    if (kind! >= 0)
      objects.push({ class: kind!, left: left!, top: top!, right: right!, bottom: bottom! });
  }
  return objects;
}
