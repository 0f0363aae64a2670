/** @file YOLOv5, YOLOv7 and YOLOX: [1, n, 5 + classes], centre and size, an objectness, then a score a class. */
import { preprocessings } from "../../../image/preprocess.ts";
import { say, type Message } from "../../../wording/face.ts";
import { formatShape } from "../../../graph/tensor.ts";
import type { BoxNumbers, Numbers } from "../detection.ts";
import { cellAnchors, gridsOf, type Grids } from "../grid-cells.ts";
import { boxUnit } from "../box-unit.ts";
import type { DetectionLayout, LayoutFacts, LayoutFound, SizedOutput } from "../layout.ts";
import { maskCoefficients } from "../mask-coefficients.ts";
import { numbersFrom, type Table } from "../numbers.ts";
import { activationOf, endsInWeights, mixesScores } from "../score-activation.ts";
import { toldColumns, type ToldColumns } from "../told-columns.ts";

export const anchorRows: DetectionLayout = {
  networks:
    "YOLOv5, YOLOv7; YOLOX, whose boxes are numbers of its grids where they are not decoded; YOLOv6, whose objectness is always 1",
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
  if (!output.isFloating || output.dims.length !== 3) return undefined;
  const [, first, second] = output.dims as [number, number, number];
  const rows = { predictions: first, width: second };
  const found = readAs(output, rows, facts);
  if (found || first >= second) return found;
  // Nothing but the graph tells of an objectness where predictions are columns.
  const columns = { predictions: second, width: first, isTransposed: true };
  const told = toldIn(output, columns, facts);
  return told?.objectness ? readAs(output, columns, facts) : undefined;
}

type Sizes = Omit<Table, "value">;

function toldIn(
  { name }: SizedOutput,
  { width, isTransposed }: Sizes,
  { reader }: LayoutFacts,
): ToldColumns | undefined {
  return toldColumns(reader, name, { axis: isTransposed ? 1 : 2, size: width });
}

function readAs(output: SizedOutput, sizes: Sizes, facts: LayoutFacts): LayoutFound | undefined {
  const { predictions, width } = sizes;
  if (width <= before || width >= predictions) return undefined;
  const grids = gridsOf(predictions, facts.heightPx, facts.widthPx);
  const columns = toldIn(output, sizes, facts);
  const objectness = columns?.objectness;
  const behind = columns?.extra ?? maskCoefficients(facts, width - before) ?? 0;
  const classes = facts.seen.scores ?? width - before - (facts.told.extra ?? behind);
  if (classes < 1 || !isFitting({ classes, grids, objectness }, facts)) return undefined;
  const isTold = facts.told.isDetector || facts.isAsked || facts.named.has(classes);
  const isSure = isTold || objectness !== undefined;
  if (!isSure && (grids?.strides.length ?? 0) < 2) return undefined;
  if (!isSure && !mixesScores(facts.reader, output.name) && !isAllSigmoid(facts, output)) return;
  return read(output, sizes, { classes, grids, isTold, objectness }, facts);
}

/** Whether so many predictions and classes may be those of the layout. */
function isFitting(
  { classes, grids, objectness }: Omit<Found, "isTold">,
  { named, told, seen }: LayoutFacts,
): boolean {
  const isNamed = named.has(classes) || seen.scores === classes;
  const isOnGrids = grids?.anchors === anchorsPerCell && (isNamed || named.size === 0);
  // [1, n, 4 + classes] of YOLOv8 has one prediction a place too.
  const isCoco = named.size === 0 && classes === 80;
  const isOfGraph = objectness !== undefined && !named.has(classes + 1);
  const isOnePerCell = grids?.anchors === 1 && (isNamed || isCoco || isOfGraph);
  return isOnGrids || isOnePerCell || (told.isDetector && (isNamed || isOfGraph));
}

function isAllSigmoid({ reader }: LayoutFacts, { name }: SizedOutput): boolean {
  return reader.makerOf(name)?.operator === "Sigmoid";
}

interface Found {
  readonly classes: number;
  readonly grids: Grids | undefined;
  readonly isTold: boolean;
  /** What the graph tells of the objectness. */
  readonly objectness: ToldColumns["objectness"];
}

function read(
  { name, dims }: SizedOutput,
  sizes: Sizes,
  { classes, grids, isTold, objectness }: Found,
  facts: LayoutFacts,
): LayoutFound {
  const table = { value: name, ...sizes };
  const raw = grids?.anchors === 1 && endsInWeights(facts.reader, name);
  // With one prediction a place, no others have an objectness of their own.
  const isOfYolox = raw || (objectness === "sigmoid" && grids?.anchors === 1);
  const boxes = boxesOf(numbersFrom(table, 0), raw ? grids : undefined, facts);
  const { words } = boxUnit(facts.seen, "pixels");
  const what = raw ? "numbers of its grids, as YOLOX's are" : `centre and size ${words}`;
  const extra = sizes.width - before - classes;
  const more = extra > 0 ? ` and ${extra} more numbers, which are left out` : "";
  const why = whys[objectness ?? "sizes"];
  const notes: readonly Message[] = isTold
    ? []
    : [
        say`output "${name}" ${formatShape(dims)} is read as ${sizes.predictions} boxes (${what}) with an objectness and ${classes} classes${more}; ${why}`,
      ];
  return {
    output: name,
    isAssumed: !isTold,
    ...(isOfYolox ? { preparation: preprocessings.yolox } : {}),
    reading: {
      predictions: sizes.predictions,
      classes,
      scores: numbersFrom(table, before),
      scoreCount: classes,
      activation: objectness ? undefined : activationOf(facts.reader, name),
      ...(objectness === "ones" ? {} : { objectness: numbersFrom(table, 4) }),
      boxes,
      isSuppressed: false,
      notes,
    },
  };
}

/** What says that there is an objectness, where nobody does. */
const whys = {
  sigmoid: "the sigmoid that is the objectness's own says so, as in YOLOX",
  ones: "the objectness is 1 for all, as in YOLOv6",
  sizes: "its sizes alone say so, as those of YOLOv5 do",
} as const;

function boxesOf(
  numbers: Numbers,
  grids: Grids | undefined,
  { heightPx, widthPx, seen }: LayoutFacts,
): BoxNumbers {
  if (!grids) return { ...numbers, form: "centre and size", ...boxUnit(seen, "pixels").unit };
  const anchors = cellAnchors(grids.strides, heightPx, widthPx);
  return { ...numbers, form: "deltas", areShares: false, isUnitTold: true, anchors };
}
