/** @file Where a network that chooses its boxes itself lists them: their sides, scores and classes. */
import type { Node, ValueInfo } from "../../graph/graph.ts";
import type { GraphReader } from "../graph-reader.ts";

/** Values of as many rows: sides [n, 4], scores [n], classes [n]. */
export interface ChosenList {
  readonly boxes: string;
  readonly scores: string;
  readonly labels: string;
}

/** The list that outputs are, each for itself or as columns of one; undefined where they are something else. */
export function chosenList(
  reader: GraphReader,
  outputs: readonly ValueInfo[],
): ChosenList | undefined {
  return listOfOutputs(reader, outputs) ?? listOfTable(reader, outputs);
}

/** As torchvision's: boxes [k, 4], scores [k], labels [k], in any order, also with a batch of one before. */
function listOfOutputs(reader: GraphReader, outputs: readonly ValueInfo[]): ChosenList | undefined {
  const sized = outputs.map(({ name, dims }) => ({ name, dims: dims?.filter(isNoBatch) ?? [] }));
  const boxes = sized.find(({ dims }) => dims.length === 2 && dims[1] === 4)?.name;
  const rows = sized.filter(({ dims }) => dims.length === 1).map(({ name }) => name);
  const labels = rows.find((name) => areClasses(reader, name));
  const scores = rows.find((name) => name !== labels && !areClasses(reader, name));
  if (boxes === undefined || scores === undefined || labels === undefined) return undefined;
  return { boxes, scores, labels };
}

/** The batch of one of an output that has one. */
function isNoBatch(size: number | string, axis: number): boolean {
  return axis > 0 || size !== 1;
}

/** Columns that tables have at least: a box, a score, a class. */
const leastColumns = 6;

/** As Ultralytics' [1, k, 6] of box, score, class, and YOLOv7's [k, 7] of picture, box, class, score. */
function listOfTable(reader: GraphReader, outputs: readonly ValueInfo[]): ChosenList | undefined {
  for (const { name, dims } of outputs) {
    const width = dims?.at(-1);
    if (typeof width !== "number" || width < leastColumns) continue;
    const parts = columnsOf(reader, name);
    if (parts.length < 3) continue;
    const hasPicture = width === leastColumns + 1 && parts.length === 4;
    const [boxes, one, other] = (hasPicture ? parts.slice(1) : parts) as [string, string, string];
    const [labels, ...none] = [one, other].filter((part) => areClasses(reader, part));
    if (labels === undefined || none.length > 0) continue;
    return { boxes, scores: labels === one ? other : one, labels };
  }
  return undefined;
}

/** The columns that a table is joined of, before it is filled up to a fixed number of rows. */
function columnsOf(reader: GraphReader, table: string): readonly string[] {
  let value: string | undefined = table;
  for (;;) {
    const node: Node | undefined = value === undefined ? undefined : reader.makerOf(value);
    if (!node || node.domain !== "") return [];
    if (node.operator === "Concat" && node.inputs.length >= 3) return node.inputs;
    const from = filling.get(node.operator);
    if (from === undefined && node.operator !== "Concat") return [];
    value = node.inputs[from ?? 0];
  }
}

/** Operators that put rows into a table of a fixed size, and which of their inputs is the rows. */
const filling: ReadonlyMap<string, number> = new Map([
  ["Cast", 0],
  ["Expand", 0],
  ["Identity", 0],
  ["Pad", 0],
  ["Reshape", 0],
  ["ScatterND", 2],
  ["Slice", 0],
  ["Squeeze", 0],
  ["Unsqueeze", 0],
]);

/** Whether numbers are numbers of classes: places of largest scores, or what is computed of places. */
export function areClasses(reader: GraphReader, name: string): boolean {
  let value: string | undefined = name;
  while (value !== undefined) {
    const node = reader.makerOf(value);
    if (!node || node.domain !== "") return false;
    if (counting.has(node.operator)) return true;
    if (!moving.has(node.operator)) return false;
    value = node.inputs[0];
  }
  return false;
}

const counting: ReadonlySet<string> = new Set([
  "ArgMax",
  "ConstantOfShape",
  "Mod",
  "NonZero",
  "Range",
]);

const moving: ReadonlySet<string> = new Set(
  "Add Cast Concat Div Expand Flatten Gather GatherElements GatherND Identity Mul Reshape Slice Squeeze Sub Transpose Unsqueeze".split(
    " ",
  ),
);
