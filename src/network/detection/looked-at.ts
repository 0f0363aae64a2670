/** @file Detectors looked at in a run on noise: units, scores and columns that the numbers speak against are read otherwise. */
import { isFailure } from "../../errors.ts";
import { elementCount, tensor, type Tensor } from "../../graph/tensor.ts";
import { OnceEach } from "../../once.ts";
import { randomStream } from "../../random.ts";
import { largest, smallest } from "../../statistics.ts";
import { formatNumber } from "../../wording/numbers.ts";
import { option, say } from "../../wording/face.ts";
import type { Model } from "../model.ts";
import { placeOf, type RowOf } from "./decode.ts";
import type { BoxNumbers, Detector, Numbers } from "./detection.ts";
import { detectorRows } from "./detections.ts";
import { isProbability, type SeenNumbers } from "./seen-numbers.ts";
import { seenUnit } from "./seen-unit.ts";

const models = new OnceEach<Model, Model>();

/**
 * A detector as its numbers are in a run on the same noise for all, so that no picture is read otherwise than the next;
 * the model itself where they fit what is assumed, and where it cannot be run, which is told when it is asked something.
 */
export function lookedAt(model: Model): Promise<Model> {
  const { detector } = model.head;
  if (!detector || model.seen || !isOpen(detector)) return Promise.resolve(model);
  return models.get(model, "", async () => {
    const seen = await seenIn(model, detector);
    return Object.keys(seen).length === 0 ? model : model.reading(seen);
  });
}

/** Whether anything is left to numbers. */
function isOpen({ boxes, activation }: Detector): boolean {
  if (boxes?.isUnitTold) return false;
  return boxes !== undefined || activation === undefined;
}

async function seenIn(model: Model, detector: Detector): Promise<SeenNumbers> {
  try {
    const [seen] = await detectorRows(model, noise(model.inputDims()), undefined, (rowOf) =>
      seenNumbers(detector, rowOf),
    );
    return seen!;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return {};
  }
}

/** The picture that detectors are looked at with, [1, C, H, W] from 0 to 1. */
function noise([, ...sides]: readonly number[]): Tensor {
  const dims = [1, ...sides];
  const random = randomStream("detector", 0);
  return tensor(
    "float32",
    dims,
    Float32Array.from({ length: elementCount(dims) }, () => random.uniform()),
  );
}

/** What the numbers of a picture tell. */
export function seenNumbers(detector: Detector, rowOf: RowOf): SeenNumbers {
  const { boxes } = detector;
  const unit = boxes && seenUnit(detector, boxes, rowOf);
  return {
    ...seenScores(detector, rowOf),
    ...(unit === undefined ? {} : { unit }),
  };
}

function seenScores(detector: Detector, rowOf: RowOf): SeenNumbers {
  const { scores, scoreCount, activation, objectness, labels } = detector;
  if (activation !== undefined) return {};
  const column = (numbers: Numbers, k: number) => columnOf(detector, rowOf, numbers, k);
  const first = column(scores, 0);
  if (labels && detector.layout === "end-to-end" && isTurned(first, column(labels, 0))) {
    return { isClassFirst: scores.offset < labels.offset };
  }
  const objects = objectness ? column(objectness, 0) : [];
  if (!objects.every(isProbability)) return refuted(detector, objects);
  for (let k = 0; k < scoreCount; k++) {
    const numbers = column(scores, k);
    if (numbers.every(isProbability)) continue;
    return k > 0 && canBeFewer(detector) ? { scores: k } : refuted(detector, numbers);
  }
  return {};
}

/** Whether what looks like scores numbers classes, and what looks like classes are scores. */
function isTurned(scores: readonly number[], labels: readonly number[]): boolean {
  const areClasses = scores.every((score) => Number.isInteger(score) && score >= 0);
  const areScores = labels.every(isProbability) && labels.some((label) => !Number.isInteger(label));
  return areClasses && areScores;
}

/** Whether numbers of other kinds may stand behind the scores. */
function canBeFewer({ layout }: Detector): boolean {
  return layout === "yolov8" || layout === "yolov5";
}

function refuted({ layout, output }: Detector, numbers: readonly number[]): SeenNumbers {
  const [least, most] = [smallest(numbers), largest(numbers)].map((number) => formatNumber(number));
  return {
    refuted: say`output "${output}" is not read as boxes of the layout ${layout}: on a picture of noise its scores go from ${least!} to ${most!}, and probabilities lie from 0 to 1. ${option("labels", "FILE")} tells how many classes there are; a number is explained as ${option("target", `${output}:CHANNEL@PLACE`)}`,
  };
}

/** A number of all predictions that is one. */
function columnOf(
  { predictions }: Detector,
  rowOf: RowOf,
  numbers: Numbers | BoxNumbers,
  k: number,
): readonly number[] {
  const row = rowOf(numbers.value);
  const all = Array.from({ length: predictions }, (_, p) => row[placeOf(numbers, p, k)]!);
  return all.filter((number) => Number.isFinite(number));
}
