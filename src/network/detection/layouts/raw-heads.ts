/** @file SSD and RetinaNet before their boxes are chosen: scores [1, n, classes] and boxes, or what changes anchors, [1, n, 4]. */
import { preprocessings } from "../../../image/preprocess.ts";
import { say, type Message } from "../../../wording/face.ts";
import { formatShape } from "../../../graph/tensor.ts";
import { Ending } from "../../final-activation.ts";
import { boxUnit } from "../box-unit.ts";
import type { BoxNumbers } from "../detection.ts";
import type { DetectionLayout, LayoutFacts, LayoutFound } from "../layout.ts";
import { numbersFrom } from "../numbers.ts";
import { areCalledBoxes, pairsOf, type OutputPair } from "../output-pairs.ts";
import { activationOf, endsInWeights } from "../score-activation.ts";

export const rawHeads: DetectionLayout = {
  networks:
    "SSD (softmax whose first class means nothing), RetinaNet (sigmoids), before suppression",
  outputs:
    "[1, n, classes] and [1, n, 4]: corners as shares, or changes of anchors, which no file tells: then scores are explained without boxes",
  preparation: { ...preprocessings.torchvision, resize: "stretch" },
  find(facts) {
    const [pair] = pairsOf(facts);
    if (!pair) return undefined;
    const isMany = pair.scores.dims[1]! > pair.scores.dims[2]!;
    const isActivated = new Ending(facts.reader).activationOf(pair.scores.name) !== undefined;
    const isSaid = facts.isAsked || isActivated || areCalledBoxes(pair);
    return isMany && isSaid ? read(pair, facts) : undefined;
  },
};

function read({ scores, boxes }: OutputPair, facts: LayoutFacts): LayoutFound {
  const { reader, named } = facts;
  const [, predictions, width] = scores.dims as [number, number, number];
  const own = new Ending(reader).activationOf(scores.name)?.kind;
  const hasNothing = named.has(width - 1) || own === "softmax";
  // Names of files that train SSD begin with one for nothing.
  const isNothingNamed = hasNothing && named.has(width);
  const isTold = named.has(width) || hasNothing || own !== undefined || facts.isAsked;
  const lacks = own === undefined ? activationOf(reader, scores.name) : undefined;
  const found = boxesOf({ scores, boxes }, facts);
  const classes = hasNothing && !isNothingNamed ? width - 1 : width;
  const how = hasNothing ? "a softmax whose first class means nothing" : "a sigmoid for each";
  const assumed: readonly Message[] = isTold
    ? []
    : [
        say`output "${scores.name}" ${formatShape(scores.dims)} is read as scores of ${classes} classes for as many boxes; nothing in the file tells what makes probabilities of them: ${how} is assumed`,
      ];
  return {
    output: scores.name,
    isAssumed: !isTold,
    reading: {
      predictions,
      classes,
      scores: numbersFrom({ value: scores.name, predictions, width }, 0),
      scoreCount: width,
      activation: lacks && hasNothing ? "softmax" : lacks,
      ...(hasNothing ? { background: 0, firstClass: width - classes } : {}),
      ...(found.boxes ? { boxes: found.boxes } : {}),
      isSuppressed: false,
      notes: [...assumed, found.note],
    },
  };
}

/** Boxes as the graph computes them; what weights give directly changes anchors, and they are not in the file. */
function boxesOf(
  { boxes }: OutputPair,
  { reader, seen }: LayoutFacts,
): { readonly boxes?: BoxNumbers; readonly note: Message } {
  const { name, dims } = boxes;
  if (endsInWeights(reader, name)) {
    return {
      note: say`output "${name}" ${formatShape(dims)} says how anchors are changed, and the file does not hold the anchors: scores are explained, without boxes`,
    };
  }
  const numbers = numbersFrom({ value: name, predictions: dims[1]!, width: 4 }, 0);
  const { unit, words } = boxUnit(seen, "shares");
  return {
    boxes: { ...numbers, form: "corners", ...unit },
    note: say`output "${name}" ${formatShape(dims)} is assumed to hold left, top, right and bottom ${words}`,
  };
}
