/** @file The predictions of a picture's row of outputs as boxes, the best first. */
import { LimpidError } from "../../errors.ts";
import type { Box } from "../../image/mask.ts";
import type { BoxForm, Detection, Detector, Numbers } from "./detection.ts";
import { isProbability } from "./seen-numbers.ts";
import { suppressed } from "./suppression.ts";
import { option, say } from "../../wording/face.ts";
import { formatNumber } from "../../wording/numbers.ts";

/** Which boxes are meant. */
export interface DetectionOptions {
  /** The least score. */
  readonly confidence?: number;
  /** Intersection over union above which the lesser of two boxes of a class is left out. */
  readonly overlap?: number;
  /** The most boxes of a picture. */
  readonly limit?: number;
}

/** What is taken where nobody says otherwise, as Ultralytics' and torchvision's tools do. */
export const usualDetection = { confidence: 0.25, overlap: 0.45, limit: 300 } as const;

/** A picture's numbers of a value, without the batch axis. */
export type RowOf = (value: string) => Float32Array;

/** How many predictions are compared with each other at most, the best; as Ultralytics' `max_nms`. */
const mostCompared = 30_000;

/** The boxes of a picture, the best first. */
export function decoded(
  detector: Detector,
  rowOf: RowOf,
  options: DetectionOptions = {},
): readonly Detection[] {
  const { confidence, overlap, limit } = { ...usualDetection, ...options };
  const found = candidates(detector, rowOf, confidence).toSorted((a, b) => b.score - a.score);
  const first = found.slice(0, mostCompared);
  const boxed = first
    .map((one) => ({ ...one, ...boxOf(detector, rowOf, one.anchor) }))
    .filter(isBox);
  // Nothing overlaps by more than all of it.
  const isSuppressed = detector.isSuppressed || !detector.boxes || overlap >= 1;
  const kept = isSuppressed ? boxed.slice(0, limit) : suppressed(boxed, overlap, limit);
  return kept.map((one) => ({ ...one, ...classesOf(detector, rowOf, one.anchor) }));
}

/** Whether four sides are a box: none is where one is no number, or where left lies right of right. */
function isBox({ left, top, right, bottom }: Box): boolean {
  return right > left && bottom > top && Number.isFinite(right - left + (bottom - top));
}

/** The largest score of all predictions, 0..1, whatever it is of; 0 of none. */
export function bestScore(detector: Detector, rowOf: RowOf): number {
  return candidates(detector, rowOf, 0).reduce((best, { score }) => Math.max(best, score), 0);
}

type Candidate = Pick<Detection, "anchor" | "class" | "score" | "objectness">;

/** Each prediction with its best class, if that is good enough. */
function candidates(detector: Detector, rowOf: RowOf, confidence: number): Candidate[] {
  const { predictions, objectness, labels, firstClass = 0 } = detector;
  const best = bestOf(detector, rowOf);
  const objects = objectness && rowOf(objectness.value);
  const labelled = labels && rowOf(labels.value);
  const found: Candidate[] = [];
  for (let p = 0; p < predictions; p++) {
    const object = objects ? objects[placeOf(objectness, p, 0)]! : 1;
    if (object < confidence) continue;
    const { at, score: share } = best(p);
    requireProbability(detector, share);
    requireProbability(detector, object);
    const score = share * object;
    if (at < 0 || !Number.isFinite(score) || score < confidence) continue;
    const named = labelled ? Math.round(labelled[placeOf(labels, p, 0)]!) : at - firstClass;
    if (named < 0) continue;
    found.push({ anchor: p, class: named, score, objectness: object });
  }
  return found;
}

/** Throws `bad-option` for what no layout's scores can be, whatever picture they are of. */
function requireProbability({ layout, output }: Detector, score: number): void {
  if (!Number.isFinite(score) || isProbability(score)) return;
  throw new LimpidError(
    "bad-option",
    say`boxes: scores of output "${output}" must lie from 0 to 1, as it is read as the layout ${layout}, got ${formatNumber(score)}. say with ${option("kind", "items")} that it holds no boxes, or with ${option("labels", "FILE")} how many classes there are.`,
  );
}

/** The best class of a prediction and its probability. */
function bestOf(
  detector: Detector,
  rowOf: RowOf,
): (prediction: number) => { readonly at: number; readonly score: number } {
  const { scores, scoreCount, background } = detector;
  const numbers = rowOf(scores.value);
  return (p) => {
    let [at, most] = [-1, -Infinity];
    for (let k = 0; k < scoreCount; k++) {
      if (k === background) continue;
      const number = numbers[placeOf(scores, p, k)]!;
      if (number > most) [at, most] = [k, number];
    }
    return { at, score: probabilitiesOf(detector, numbers, p)(at) };
  };
}

/** The probabilities that the scores of a prediction stand for, each by its number. */
function probabilitiesOf(
  { scores, scoreCount, activation }: Detector,
  numbers: Float32Array,
  prediction: number,
): (at: number) => number {
  const own = (at: number) => numbers[placeOf(scores, prediction, at)]!;
  if (activation === undefined) return own;
  if (activation === "sigmoid") return (at) => 1 / (1 + Math.exp(-own(at)));
  let [most, total] = [-Infinity, 0];
  for (let k = 0; k < scoreCount; k++) most = Math.max(most, own(k));
  for (let k = 0; k < scoreCount; k++) total += Math.exp(own(k) - most);
  return (at) => Math.exp(own(at) - most) / total;
}

/** The probabilities of all classes, where the layout has them. */
function classesOf(
  detector: Detector,
  rowOf: RowOf,
  prediction: number,
): { readonly classes?: Float32Array } {
  const { labels, classes, firstClass = 0, scores, background } = detector;
  if (labels || classes === undefined) return {};
  const probability = probabilitiesOf(detector, rowOf(scores.value), prediction);
  const all = Float32Array.from({ length: classes }, (_, c) => {
    const k = c + firstClass;
    return k === background ? 0 : probability(k);
  });
  return { classes: all };
}

/** Where the number k of a prediction lies in a row of its value. */
export function placeOf(numbers: Numbers, prediction: number, k: number): number {
  return numbers.offset + prediction * numbers.predictionStep + k * numbers.numberStep;
}

type Four = readonly [number, number, number, number];

const ofCentre = ([x, y, width, height]: Four): Box => ({
  left: x - width / 2,
  top: y - height / 2,
  right: x + width / 2,
  bottom: y + height / 2,
});

/** Makes sides of the four numbers of a box, and of its anchor. */
const sides: { readonly [Form in BoxForm]: (four: Four, anchor: Four) => Box } = {
  "centre and size": ofCentre,
  deltas: ([dx, dy, dw, dh], [x, y, width, height]) =>
    ofCentre([x + dx * width, y + dy * height, width * Math.exp(dw), height * Math.exp(dh)]),
  corners: ([left, top, right, bottom]) => ({ left, top, right, bottom }),
  "corners, y first": ([top, left, bottom, right]) => ({ left, top, right, bottom }),
};

/** Of a layout without boxes, the whole input. */
function boxOf(detector: Detector, rowOf: RowOf, prediction: number): Box {
  const { boxes, widthPx, heightPx } = detector;
  if (!boxes) return { left: 0, top: 0, right: widthPx, bottom: heightPx };
  const numbers = rowOf(boxes.value);
  const four = fourOf((k) => numbers[placeOf(boxes, prediction, k)]!);
  const box = sides[boxes.form](
    four,
    fourOf((k) => boxes.anchors?.[4 * prediction + k] ?? 0),
  );
  if (!boxes.areShares) return box;
  return {
    left: box.left * widthPx,
    top: box.top * heightPx,
    right: box.right * widthPx,
    bottom: box.bottom * heightPx,
  };
}

function fourOf(numberAt: (k: number) => number): Four {
  return [numberAt(0), numberAt(1), numberAt(2), numberAt(3)];
}
