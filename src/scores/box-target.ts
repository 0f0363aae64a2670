/** @file Boxes of a detector: the score of one, or of all of a class, and where a box lies. */
import { LimpidError, type StopSignal } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "../network/model.ts";
import { placeOf, usualDetection } from "../network/detection/decode.ts";
import type { Detection, Detector } from "../network/detection/detection.ts";
import {
  boxesIn,
  detectionsOf,
  requireDetector,
  type FoundBoxes,
} from "../network/detection/detections.ts";
import { maskShare, type Box, type Mask } from "../image/mask.ts";
import { runDims } from "../network/batches.ts";
import { headScales } from "../network/head-scales.ts";
import { overlapOf } from "../network/detection/suppression.ts";
import { formatNumber } from "../wording/numbers.ts";
import { option, say, type Message } from "../wording/face.ts";
import { largest } from "../statistics.ts";
import { headOfOutput, notesBeside, type ExplainedModel } from "./explained-model.ts";
import { boxSideWeights } from "./box-side.ts";
import { narrowedSum } from "./narrowed-sum.ts";
import type { SoughtObjects } from "./sought-objects.ts";
import type { BoxTarget, Region } from "./target.ts";
import type { TargetMarks } from "./target-marks.ts";
import { targetText } from "./target-text.ts";
import { weightedModel } from "./weighted-model.ts";

/**
 * The score of boxes that are found in a picture [1, C, H, W]: the logit of the class of a box's own prediction, with
 * the logit of its objectness added where there is one; their sum over several boxes; or a side of a box. Boxes are found
 * once: their predictions stay the same, whatever a method does to the picture. Throws `bad-option` where there are no such
 * boxes, and for networks that are no detectors.
 */
export async function boxModel(
  opened: Model,
  target: BoxTarget,
  picture: Tensor,
  signal?: StopSignal,
): Promise<ExplainedModel> {
  const model = await headOfOutput(opened, undefined, picture.dims);
  const detector = requireDetector(model);
  const { confidence, overlap } = target;
  const found = await boxesIn(model, picture, {
    ...(confidence === undefined ? {} : { confidence }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(signal ? { signal } : {}),
  });
  const meant = boxesMeant(target, found);
  const dims = runDims(model, picture.dims);
  const sum =
    target.side === undefined
      ? scoreWeights(model, detector, meant)
      : boxSideWeights(detector, meant[0]!, target.side);
  const whole = { ...sum, meant: placesMeant(detector, target, sum.weights.length) };
  const narrowed = narrowedSum(model.graph, whole, (await model.at(dims)).shapes);
  const usualLayers = headScales(await model.whole(dims));
  return {
    model: weightedModel(model, { ...sum, ...narrowed }, { usualLayers }),
    head: model.head,
    targets: [0],
    isOfHead: false,
    output: model.head.output,
    marks: marksOf(found.boxes, meant),
    sought: soughtBoxes(model, meant),
    notes: [...notesBeside(opened, model), ...sum.notes],
  };
}

/** The boxes that are meant, and the search for all that the detector proposes, whatever overlaps. */
function soughtBoxes(detector: Model, boxes: readonly Detection[]): SoughtObjects {
  return {
    objects: boxes,
    find: (pictures, { leastScore, signal }) =>
      detectionsOf(detector, pictures, {
        confidence: leastScore,
        overlap: 1,
        limit: Number.POSITIVE_INFINITY,
        ...(signal ? { signal } : {}),
      }),
  };
}

/** Throws `bad-option` where there are none. */
function boxesMeant(target: BoxTarget, { boxes, best }: FoundBoxes): readonly Detection[] {
  const ofClass = boxes.filter((box) => target.class === undefined || box.class === target.class);
  const fitting = target.region ? boxesAt(target.region, ofClass) : ofClass;
  if (target.box === "all" && fitting.length > 0) return fitting;
  const chosen = target.box === "all" ? undefined : fitting[target.box];
  if (chosen) return [chosen];
  throw noBox(target, fitting.length, boxes, best);
}

function noBox(
  target: BoxTarget,
  fitting: number,
  boxes: readonly Detection[],
  best: number,
): LimpidError {
  const text = targetText(target, undefined);
  if (boxes.length === 0 && best >= (target.confidence ?? usualDetection.confidence)) {
    return new LimpidError(
      "bad-option",
      say`target: the network must find ${text}, got scores up to ${formatNumber(best)}, but no box of theirs has a width and a height. check how the input is prepared, and that the output holds boxes.`,
    );
  }
  if (boxes.length === 0) {
    return new LimpidError(
      "bad-option",
      say`target: the network must find ${text}, got no box: the best score is ${formatNumber(best)}. take a smaller ${option("confidence")}, or another picture.`,
    );
  }
  const classes = [...new Set(boxes.map((box) => box.class))].toSorted((a, b) => a - b);
  const got =
    fitting > 0
      ? `${fitting} such, which count from 0`
      : `none such among ${boxes.length} boxes (classes ${classes.join(", ")})`;
  return new LimpidError(
    "bad-option",
    say`target: the network must find ${text}, got ${got}. name one of these, or take a smaller ${option("confidence")}.`,
  );
}

/** Boxes whose centre lies in a region, of a pixel those that hold it; if there are none, the one that overlaps a larger region most. */
function boxesAt(region: Region, boxes: readonly Detection[]): readonly Detection[] {
  const inside = boxes.filter((box) => isAt(region, box));
  if (inside.length > 0 || region.kind === "found" || region.kind === "pixel") return inside;
  const overlaps =
    region.kind === "box"
      ? boxes.map((box) => overlapOf(region, box))
      : maskOverlaps(region, boxes);
  const most = boxes.length === 0 ? 0 : largest(overlaps);
  return most > 0 ? [boxes[overlaps.indexOf(most)]!] : [];
}

/** Intersection over union of a mask with each box. */
function maskOverlaps(mask: Mask, boxes: readonly Box[]): readonly number[] {
  const share = maskShare(mask);
  const maskArea = mask.inside.reduce((sum, one) => sum + one, 0);
  return boxes.map(({ left, top, right, bottom }) => {
    const area = Math.max(right - left, 0) * Math.max(bottom - top, 0);
    const shared = area === 0 ? 0 : share(left, top, right, bottom) * area;
    return shared / (area + maskArea - shared);
  });
}

function isAt(region: Region, { left, top, right, bottom }: Detection): boolean {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  switch (region.kind) {
    case "found":
      return true;
    case "box":
      return x >= region.left && x < region.right && y >= region.top && y < region.bottom;
    case "mask":
      return isInMask(region, x, y);
    case "pixel":
      return region.x >= left && region.x < right && region.y >= top && region.y < bottom;
  }
}

/** Nothing is inside beyond its borders. */
function isInMask({ widthPx, heightPx, inside }: Mask, x: number, y: number): boolean {
  const isOver = x >= 0 && y >= 0 && x < widthPx && y < heightPx;
  return isOver && inside[Math.floor(y) * widthPx + Math.floor(x)] === 1;
}

/** Weights of a value, and what is to be said of them. */
export interface BoxSum {
  readonly value: string;
  readonly weights: Float32Array;
  readonly scoreName: string;
  readonly notes: readonly Message[];
}

/** 1 for the class of each box, and for its objectness where that lies in the same value. */
function scoreWeights(model: Model, detector: Detector, boxes: readonly Detection[]): BoxSum {
  const { scores, objectness, labels, firstClass = 0 } = detector;
  const value = model.explained;
  const isLogit = value === model.logits;
  const withObject = isLogit && objectness?.value === scores.value ? objectness : undefined;
  const weights = new Float32Array(scores.length);
  for (const box of boxes) {
    weights[placeOf(scores, box.anchor, labels ? 0 : box.class + firstClass)]! += 1;
    if (withObject) weights[placeOf(withObject, box.anchor, 0)]! += 1;
  }
  const name = withObject ? `${model.scoreName} of class and objectness` : model.scoreName;
  const scoreName = boxes.length === 1 ? name : `sum of ${name}s`;
  const isLeftOut = objectness !== undefined && !withObject;
  const notes = isLeftOut
    ? [say`the score of the class is explained, without the objectness that it is multiplied by`]
    : [];
  return { value, weights, scoreName, notes };
}

/** 1 for each number that the same question of another box may weigh. */
function placesMeant(detector: Detector, { side }: BoxTarget, length: number): Uint8Array {
  const { predictions, scores, scoreCount, objectness, boxes } = detector;
  const ofScore = [
    { numbers: scores, count: scoreCount },
    ...(objectness?.value === scores.value ? [{ numbers: objectness, count: 1 }] : []),
  ];
  const ofSide = boxes ? [{ numbers: boxes, count: 4 }] : [];
  const meant = new Uint8Array(length);
  for (const { numbers, count } of side === undefined ? ofScore : ofSide) {
    for (let anchor = 0; anchor < predictions; anchor++) {
      for (let k = 0; k < count; k++) meant[placeOf(numbers, anchor, k)] = 1;
    }
  }
  return meant;
}

/** All boxes that are found, and which of them are explained. */
function marksOf(boxes: readonly Detection[], meant: readonly Detection[]): TargetMarks {
  const anchors = new Set(meant.map(({ anchor }) => anchor));
  return {
    boxes: boxes.map(({ left, top, right, bottom, class: named, score, anchor }) => ({
      left,
      top,
      right,
      bottom,
      class: named,
      score,
      isExplained: anchors.has(anchor),
    })),
  };
}
