/** @file YOLOv5, YOLOv7 and YOLOX: [1, n, 5 + classes], centre and size, an objectness, then a score a class. */
import { preprocessings } from "../../../image/preprocess.ts";
import { say, type Message } from "../../../wording/face.ts";
import { formatShape } from "../../../graph/tensor.ts";
import type { BoxNumbers, Numbers } from "../detection.ts";
import { cellAnchors, gridsOf, type Grids } from "../grid-cells.ts";
import type { DetectionLayout, LayoutFacts, LayoutFound, SizedOutput } from "../layout.ts";
import { numbersFrom } from "../numbers.ts";
import { activationOf, endsInWeights, mixesScores } from "../score-activation.ts";

export const anchorRows: DetectionLayout = {
  networks: "YOLOv5, YOLOv7; YOLOX, whose boxes are numbers of its grids",
  outputs:
    "[1, n, 5 + classes]: centre and size in pixels, an objectness, then a score a class, which are multiplied",
  preparation: preprocessings.letterbox,
  find(facts) {
    for (const output of facts.outputs) {
      const found = foundAt(output, facts);
      if (found) return found;
    }
    return undefined;
  },
};

/** Numbers of a prediction before those of its classes. */
const before = 5;

/** Anchors of each place of YOLOv5 and YOLOv7. */
const anchorsPerCell = 3;

function foundAt(output: SizedOutput, facts: LayoutFacts): LayoutFound | undefined {
  const [, predictions, width] = output.dims as [number, number, number];
  if (!output.isFloating || output.dims.length !== 3) return undefined;
  const { named, told, heightPx, widthPx } = facts;
  if (width <= before || width >= predictions) return undefined;
  const grids = gridsOf(predictions, heightPx, widthPx);
  const classes = width - before - (told.extra ?? 0);
  const isNamed = named.has(classes);
  // [1, n, 4 + classes] of YOLOv8 has one prediction a place too.
  const isCoco = named.size === 0 && classes === 80;
  const isOnGrids = grids?.anchors === anchorsPerCell && (isNamed || named.size === 0);
  const isOnePerCell = grids?.anchors === 1 && (isNamed || isCoco);
  if (!isOnGrids && !isOnePerCell && !(isNamed && told.isDetector)) return undefined;
  const isTold = told.isDetector || facts.isAsked || isNamed;
  if (!isTold && (grids?.strides.length ?? 0) < 2) return undefined;
  if (!isTold && !mixesScores(facts.reader, output.name) && !isAllSigmoid(facts, output)) return;
  return read(output, { classes, grids, isTold }, facts);
}

function isAllSigmoid({ reader }: LayoutFacts, { name }: SizedOutput): boolean {
  return reader.makerOf(name)?.operator === "Sigmoid";
}

interface Found {
  readonly classes: number;
  readonly grids: Grids | undefined;
  readonly isTold: boolean;
}

function read(
  { name, dims }: SizedOutput,
  { classes, grids, isTold }: Found,
  facts: LayoutFacts,
): LayoutFound {
  const [, predictions, width] = dims as [number, number, number];
  const table = { value: name, predictions, width };
  const raw = grids?.anchors === 1 && endsInWeights(facts.reader, name);
  const boxes = boxesOf(numbersFrom(table, 0), raw ? grids : undefined, facts);
  const what = raw ? "numbers of its grids, as YOLOX's are" : "centre and size in pixels";
  const notes: readonly Message[] = isTold
    ? []
    : [
        say`output "${name}" ${formatShape(dims)} is read as ${predictions} boxes (${what}) with an objectness and ${classes} classes; its sizes alone say so, as those of YOLOv5 do`,
      ];
  return {
    output: name,
    isAssumed: !isTold,
    ...(raw ? { preparation: preprocessings.yolox } : {}),
    reading: {
      predictions,
      classes,
      scores: numbersFrom(table, before),
      scoreCount: classes,
      activation: activationOf(facts.reader, name),
      objectness: numbersFrom(table, 4),
      boxes,
      isSuppressed: false,
      notes,
    },
  };
}

function boxesOf(
  numbers: Numbers,
  grids: Grids | undefined,
  { heightPx, widthPx }: LayoutFacts,
): BoxNumbers {
  if (!grids) return { ...numbers, form: "centre and size", areShares: false };
  const anchors = cellAnchors(grids.strides, heightPx, widthPx);
  return { ...numbers, form: "deltas", areShares: false, anchors };
}
