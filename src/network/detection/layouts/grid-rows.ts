/** @file YOLOv8 and later: [1, 4 + classes, n] or [1, n, 4 + classes], boxes as centre and size in pixels, no objectness. */
import { preprocessings } from "../../../image/preprocess.ts";
import { say, type Message } from "../../../wording/face.ts";
import { formatShape } from "../../../graph/tensor.ts";
import { gridsOf } from "../grid-cells.ts";
import { boxUnit } from "../box-unit.ts";
import type { DetectionLayout, LayoutFacts, LayoutFound, SizedOutput } from "../layout.ts";
import { maskCoefficients } from "../mask-coefficients.ts";
import { numbersFrom } from "../numbers.ts";
import { activationOf, mixesScores } from "../score-activation.ts";
import { toldColumns, type ToldColumns } from "../told-columns.ts";

export const gridRows: DetectionLayout = {
  networks: "YOLOv8, YOLOv9, YOLO11, YOLO12 of Ultralytics",
  outputs:
    "[1, 4 + classes, n] or [1, n, 4 + classes]: centre and size in pixels, then a score a class",
  preparation: preprocessings.letterbox,
  find(facts) {
    for (const output of facts.outputs) {
      const found = foundAt(output, facts);
      if (found) return found;
    }
    return undefined;
  },
};

/** Numbers of a box before those of its classes. */
const boxNumbers = 4;

/** One way to read an output. */
interface Candidate {
  readonly rows: number;
  readonly predictions: number;
  readonly isTransposed: boolean;
}

function foundAt(output: SizedOutput, facts: LayoutFacts): LayoutFound | undefined {
  const [, first, second] = output.dims as [number, number, number];
  if (!output.isFloating || output.dims.length !== 3) return undefined;
  const both: readonly Candidate[] = [
    { rows: first, predictions: second, isTransposed: false },
    { rows: second, predictions: first, isTransposed: true },
  ];
  const candidates = both.toSorted((a, b) => b.predictions - a.predictions);
  const isSaid = facts.told.isDetector || facts.isAsked;
  const onGrids = candidates.find(({ predictions }) => {
    const grids = gridsOf(predictions, facts.heightPx, facts.widthPx);
    return grids?.anchors === 1 && (isSaid || grids.strides.length > 1);
  });
  if (!isSaid && (!onGrids || !mixesScores(facts.reader, output.name))) return undefined;
  const byNames = candidates.find((one) => extraOf(one, facts) !== undefined);
  const chosen = onGrids ?? byNames ?? candidates[0]!;
  if (chosen.rows <= boxNumbers) return undefined;
  const { rows, isTransposed } = chosen;
  const columns = toldColumns(facts.reader, output.name, {
    axis: isTransposed ? 2 : 1,
    size: rows,
  });
  const extra = extraBehind(chosen, columns, facts);
  if (rows - boxNumbers - extra < 1) return undefined;
  return read(output, chosen, { extra, isOfSigmoid: columns !== undefined }, facts);
}

/** Numbers behind those of the classes: as names say, as the graph does, as the maps do that coefficients are of. */
function extraBehind(
  chosen: Candidate,
  columns: ToldColumns | undefined,
  facts: LayoutFacts,
): number {
  const { scores } = facts.seen;
  if (scores !== undefined) return chosen.rows - boxNumbers - scores;
  const byNames = extraOf(chosen, facts);
  const ofGraph =
    columns && chosen.rows - boxNumbers - columns.classes - (columns.objectness ? 1 : 0);
  // Names of fewer classes than a sigmoid gives may leave out numbers of other kinds; of more they are of others.
  const isOfOthers = ofGraph !== undefined && (facts.isNamedByUser || byNames! < ofGraph);
  if (byNames !== undefined && !isOfOthers) return byNames;
  return ofGraph ?? facts.told.extra ?? maskCoefficients(facts, chosen.rows - boxNumbers) ?? 0;
}

/** Numbers of each prediction behind those of its classes, by names of classes; undefined where they do not fit. */
function extraOf({ rows }: Candidate, { named, told }: LayoutFacts): number | undefined {
  const counts = [...named].filter((count) => rows - boxNumbers - count >= 0);
  const { extra } = told;
  if (extra !== undefined && counts.includes(rows - boxNumbers - extra)) return extra;
  const [count] = counts.filter((each) => each > 0).toSorted((a, b) => b - a);
  return count === undefined ? undefined : rows - boxNumbers - count;
}

interface Behind {
  readonly extra: number;
  /** Whether the graph tells that the scores come out of a sigmoid. */
  readonly isOfSigmoid: boolean;
}

function read(
  output: SizedOutput,
  candidate: Candidate,
  { extra, isOfSigmoid }: Behind,
  facts: LayoutFacts,
): LayoutFound {
  const { rows, predictions, isTransposed } = candidate;
  const classes = rows - boxNumbers - extra;
  const { unit, words } = boxUnit(facts.seen, "pixels");
  const table = { value: output.name, predictions, width: rows, isTransposed: !isTransposed };
  const isTold = facts.told.isDetector || facts.isAsked || facts.named.has(classes);
  return {
    output: output.name,
    isAssumed: !isTold,
    reading: {
      predictions,
      classes,
      scores: numbersFrom(table, boxNumbers),
      scoreCount: classes,
      activation: isOfSigmoid ? undefined : activationOf(facts.reader, output.name),
      boxes: { ...numbersFrom(table, 0), form: "centre and size", ...unit },
      isSuppressed: false,
      notes: notesOf(output, { candidate, classes, extra, isTold, isOfSigmoid, words }),
    },
  };
}

interface Said {
  readonly candidate: Candidate;
  readonly classes: number;
  readonly extra: number;
  readonly isTold: boolean;
  readonly isOfSigmoid: boolean;
  /** The unit. */
  readonly words: string;
}

function notesOf({ name, dims }: SizedOutput, said: Said): readonly Message[] {
  const { classes, extra, isTold, isOfSigmoid } = said;
  const { predictions } = said.candidate;
  const behind = extra > 0 ? ` and ${extra} more numbers, which are left out` : "";
  const read = `output "${name}" ${formatShape(dims)} is read as ${predictions} boxes (centre and size ${said.words}) with ${classes} classes${behind}`;
  if (isTold && extra === 0) return [];
  if (isTold) return [say`${read}`];
  const why = isOfSigmoid ? "its sizes and the sigmoid of its scores" : "its sizes alone";
  return [say`${read}; ${why} say so, as those of YOLOv8 and later do`];
}
