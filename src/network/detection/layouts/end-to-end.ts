/** @file Networks that list their boxes themselves: [1, k, 6], corners in pixels, score, class. */
import { preprocessings } from "../../../image/preprocess.ts";
import { nodesBefore } from "../../../graph/edit.ts";
import { say } from "../../../wording/face.ts";
import { formatShape } from "../../../graph/tensor.ts";
import { boxUnit } from "../box-unit.ts";
import type { DetectionLayout, LayoutFacts, LayoutFound, SizedOutput } from "../layout.ts";
import { gridsOf } from "../grid-cells.ts";
import { numbersFrom } from "../numbers.ts";
import { isClassFirst } from "../told-columns.ts";

export const endToEnd: DetectionLayout = {
  networks: "YOLOv10, YOLO26",
  outputs:
    "[1, k, 6]: left, top, right, bottom in pixels, score, class (or class, score); nothing is suppressed",
  preparation: preprocessings.letterbox,
  find(facts) {
    for (const output of facts.outputs) {
      const found = foundAt(output, facts);
      if (found) return found;
    }
    return undefined;
  },
};

/** Corners, score and class. */
const width = 6;

function foundAt(output: SizedOutput, facts: LayoutFacts): LayoutFound | undefined {
  const { name, dims, isFloating } = output;
  const [, predictions, columns] = dims as [number, number, number];
  if (!isFloating || dims.length !== 3) return undefined;
  const extra = facts.told.extra ?? 0;
  if (columns !== width + extra && columns !== width) return undefined;
  const isListed = listsTheLargest(facts, name);
  const isOnGrids = gridsOf(predictions, facts.heightPx, facts.widthPx) !== undefined;
  const isSaid = facts.told.isDetector || facts.isAsked;
  if (!isListed && (!isSaid || isOnGrids)) return undefined;
  const table = { value: name, predictions, width: columns };
  const { unit, words } = boxUnit(facts.seen, "pixels");
  const isTurned =
    facts.seen.isClassFirst ?? isClassFirst(facts.reader, name, { axis: 2, size: columns });
  const [score, label] = isTurned ? [5, 4] : [4, 5];
  return {
    output: name,
    isAssumed: !isSaid,
    reading: {
      predictions,
      classes: undefined,
      scores: numbersFrom(table, score),
      scoreCount: 1,
      activation: undefined,
      labels: numbersFrom(table, label),
      boxes: { ...numbersFrom(table, 0), form: "corners", ...unit },
      isSuppressed: true,
      notes: isSaid
        ? []
        : [
            say`output "${name}" ${formatShape(dims)} is read as ${predictions} boxes, each with left, top, right and bottom ${words}, ${isTurned ? "class and score" : "score and class"}; its six numbers alone say so, as those of YOLOv10 do`,
          ],
    },
  };
}

/** Whether an operator chooses the best predictions. */
function listsTheLargest({ reader }: LayoutFacts, output: string): boolean {
  return [...nodesBefore(reader.graph, output)].some(({ operator }) => operator === "TopK");
}
