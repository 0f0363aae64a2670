/** @file DETR and its family: logits [1, q, classes] and boxes [1, q, 4], centre and size as shares of the picture. */
import { preprocessings } from "../../../image/preprocess.ts";
import { say, type Message } from "../../../wording/face.ts";
import { formatShape } from "../../../graph/tensor.ts";
import type { Reading } from "../detection.ts";
import { boxUnit } from "../box-unit.ts";
import type { DetectionLayout, LayoutFacts, LayoutFound, SizedOutput } from "../layout.ts";
import { numbersFrom } from "../numbers.ts";
import { activationOf, isOfSigmoid } from "../score-activation.ts";
import { Ending } from "../../final-activation.ts";
import { pairsOf } from "../output-pairs.ts";

export const queryPairs: DetectionLayout = {
  networks:
    "DETR, YOLOS (softmax with a class for nothing); RT-DETR, RF-DETR, Deformable DETR (sigmoids)",
  outputs:
    "[1, q, classes] and [1, q, 4]: centre and size as shares of the picture's sides; nothing is suppressed",
  preparation: { ...preprocessings.torchvision, resize: "stretch" },
  find(facts) {
    for (const pair of pairsOf(facts)) {
      // Boxes behind a sigmoid are shares; those of anchors are none.
      if (!isOfSigmoid(facts.reader, pair.boxes.name) && !isNamedSo(pair.boxes)) continue;
      return read(pair.scores, pair.boxes, facts);
    }
    return undefined;
  },
};

/** As transformers and RF-DETR call them. */
function isNamedSo({ name }: SizedOutput): boolean {
  return name === "pred_boxes" || name === "dets";
}

/** Logits of DETR for COCO: 91 classes and nothing. */
const detrCoco = 92;

function read(scores: SizedOutput, boxes: SizedOutput, facts: LayoutFacts): LayoutFound {
  const [, predictions, width] = scores.dims as [number, number, number];
  const { named, reader } = facts;
  const own = new Ending(reader).activationOf(scores.name)?.kind;
  const isNothingTold = named.has(width - 1) || own === "softmax";
  const hasNothing = !named.has(width) && (isNothingTold || (!own && width === detrCoco));
  const isTold = named.has(width) || isNothingTold || own !== undefined || facts.isAsked;
  const lacks = own ?? activationOf(reader, scores.name);
  const activation: Reading["activation"] =
    own !== undefined || lacks === undefined ? undefined : hasNothing ? "softmax" : "sigmoid";
  const how = hasNothing ? "a softmax whose last class means nothing" : "a sigmoid for each class";
  const notes: readonly Message[] = isTold
    ? []
    : [
        say`outputs "${scores.name}" ${formatShape(scores.dims)} and "${boxes.name}" are read as boxes with logits of ${hasNothing ? width - 1 : width} classes; nothing in the file tells whether a softmax is meant: ${how} is assumed`,
      ];
  return {
    output: scores.name,
    isAssumed: !isTold,
    reading: {
      predictions,
      classes: hasNothing ? width - 1 : width,
      scores: numbersFrom({ value: scores.name, predictions, width }, 0),
      scoreCount: width,
      activation,
      ...(hasNothing ? { background: width - 1 } : {}),
      boxes: {
        ...numbersFrom({ value: boxes.name, predictions, width: 4 }, 0),
        form: "centre and size",
        ...boxUnit(facts.seen, "shares").unit,
        // A sigmoid gives nothing but shares.
        isUnitTold: isOfSigmoid(reader, boxes.name),
      },
      isSuppressed: true,
      notes,
    },
  };
}
