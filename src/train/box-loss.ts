/** @file The loss of one-stage detectors without anchors: which cells answer for which object, and how wrong they are. */
import { internalError } from "../errors.ts";
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { LabelForm } from "../image/dataset.ts";
import type { Loss } from "./losses.ts";
import type { Cell, CellBoxes } from "./trainable-network.ts";

/** Cells answer for an object whose middle is at most so many of their sides away, along both axes. */
const reachInStrides = 0.75;
/** An object is the finest scale's whose stride times this is more than its size, or the coarsest's. */
const sizeInStrides = 3;
/** How the parts are weighted against the classes'. */
const overlapWeight = 2;
const distanceWeight = 0.5;

/**
 * Cells answer for the object whose middle they lie near, on the scale of its size; between two for the nearer
 * one (centre sampling, Tian et al. 2019, FCOS). Of an example, over the number of cells that answer: the sum
 * over all cells and classes of the binary cross-entropy; and over cells that answer twice 1 - IoU (Yu et al.
 * 2016, UnitBox), and half the distance of the middles in strides and of the logarithms of the sides.
 */
export function boxLoss(labelForm: LabelForm): Loss {
  return {
    name: "box-loss",
    labelForm,
    build: (b, logits, labels, boxes) => {
      const { values, cells } = requireBoxes(boxes);
      const wanted = wantedOf(b, labels, cells, logits.dims[1]!);
      const entropies = b.sub(b.op("Softplus", [logits]), b.mul(wanted.classes, logits));
      const ofClasses = b.reduceSum(entropies, [1, 2], false);
      const each = b.mul(wanted.answers, boxErrors(b, values, wanted, cells));
      const ofBoxes = b.reduceSum(each, [1], false);
      return b.div(b.add(ofClasses, ofBoxes), wanted.count);
    },
    found: (b, logits, labels, boxes) => {
      const { cells } = requireBoxes(boxes);
      const wanted = wantedOf(b, labels, cells, logits.dims[1]!);
      const best = b.op("ReduceMax", [logits, b.ints([1])], { keepdims: 1 });
      const isBest = b.op("Not", [b.greater(best, logits)]);
      const isSure = b.greater(best, b.scalar(0));
      const isFound = b.mul(b.cast(isBest, "float32"), b.cast(isSure, "float32"));
      const right = b.reduceSum(b.mul(wanted.classes, isFound), [1, 2], false);
      return b.div(right, wanted.count);
    },
  };
}

function requireBoxes(boxes: CellBoxes | undefined): CellBoxes {
  if (boxes) return boxes;
  throw internalError("boxLoss", "a network without boxes");
}

/** What each cell should say. */
interface Wanted {
  /** 1 where the cell answers for an object, [N, cells]. */
  readonly answers: Value;
  /** Cells that answer, at least 1, [N]. */
  readonly count: Value;
  /** 1 at the class of the cell's object, [N, classes, cells]. */
  readonly classes: Value;
  /** Centre, width and height of the cell's object, [N, cells] each; sides are 1 where there is none. */
  readonly x: Value;
  readonly y: Value;
  readonly width: Value;
  readonly height: Value;
}

function wantedOf(b: GraphBuilder, labels: Value, cells: readonly Cell[], classes: number): Wanted {
  const objects = objectsOf(b, labels);
  const owned = ownedBy(b, objects, cells);
  const answers = b.reduceSum(owned, [1], false);
  const of = (value: Value) => b.reduceSum(b.mul(owned, value), [1], false);
  const side = (value: Value) => b.op("Max", [of(value), b.scalar(1)]);
  const kinds = b.constant(upTo(classes), [1, 1, classes]);
  const ofKind = b.transpose(one(b, b.op("Equal", [objects.kind, kinds])), [0, 2, 1]);
  return {
    answers,
    count: b.op("Max", [b.reduceSum(answers, [1], false), b.scalar(1)]),
    classes: b.op("MatMul", [ofKind, owned]),
    x: of(objects.x),
    y: of(objects.y),
    width: side(objects.width),
    height: side(objects.height),
  };
}

/** Labels as numbers of objects, [N, objects, 1] each. */
interface Objects extends Pick<Wanted, "x" | "y" | "width" | "height"> {
  readonly kind: Value;
}

function objectsOf(b: GraphBuilder, labels: Value): Objects {
  const column = (i: number) => b.cast(b.slice(labels, [i], [i + 1], [2]), "float32");
  const [left, top, right, bottom] = [column(1), column(2), column(3), column(4)];
  return {
    kind: column(0),
    x: b.scale(b.add(left, right), 0.5),
    y: b.scale(b.add(top, bottom), 0.5),
    width: b.sub(right, left),
    height: b.sub(bottom, top),
  };
}

/** 1 where a cell answers for an object, [N, objects, cells]. */
function ownedBy(b: GraphBuilder, objects: Objects, cells: readonly Cell[]): Value {
  const { kind, x, y, width, height } = objects;
  const distance = b.op("Max", [
    b.op("Abs", [
      b.sub(
        x,
        ofCells(b, cells, (cell) => cell.x),
      ),
    ]),
    b.op("Abs", [
      b.sub(
        y,
        ofCells(b, cells, (cell) => cell.y),
      ),
    ]),
  ]);
  const reach = ofCells(b, cells, ({ stride }) => reachInStrides * stride);
  const isThere = one(b, b.greater(kind, b.scalar(-0.5)));
  const isNear = b.mul(one(b, b.greater(reach, distance)), isThere);
  const size = b.op("Sqrt", [b.mul(width, height)]);
  const candidates = b.mul(isNear, isOfScale(b, size, cells));
  const far = b.add(distance, b.scale(b.sub(b.scalar(1), candidates), farAway));
  const nearest = b.cast(b.op("ArgMin", [far], { axis: 1, keepdims: 1 }), "int32");
  const count = kind.dims[1]!;
  const numbers = b.constant(upTo(count), [1, count, 1], "int32");
  return b.mul(candidates, one(b, b.op("Equal", [nearest, numbers])));
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** 1 where it is so, else 0. */
function one(b: GraphBuilder, isSo: Value): Value {
  return b.cast(isSo, "float32");
}

/** Further than any cell from any object, in pixels. */
const farAway = 1e6;

/** A number of each cell, [1, 1, cells]. */
function ofCells(b: GraphBuilder, cells: readonly Cell[], of: (cell: Cell) => number): Value {
  return b.constant(cells.map(of), [1, 1, cells.length]);
}

/** 1 where an object's size, [N, objects, 1], is one for the cell's scale. */
function isOfScale(b: GraphBuilder, size: Value, cells: readonly Cell[]): Value {
  const strides = [...new Set(cells.map(({ stride }) => stride))].toSorted((p, q) => p - q);
  const from = new Map(
    strides.map((stride, i) => [stride, i === 0 ? -1 : sizeInStrides * strides[i - 1]!]),
  );
  const to = (stride: number) => (stride === strides.at(-1) ? farAway : sizeInStrides * stride);
  const isAbove = b.greater(
    size,
    ofCells(b, cells, ({ stride }) => from.get(stride)! - 1e-3),
  );
  const isBelow = b.greater(
    ofCells(b, cells, ({ stride }) => to(stride) - 1e-3),
    size,
  );
  return b.mul(b.cast(isAbove, "float32"), b.cast(isBelow, "float32"));
}

/** [N, cells]. */
function boxErrors(b: GraphBuilder, values: Value, wanted: Wanted, cells: readonly Cell[]): Value {
  const dims = [values.dims[0]!, cells.length];
  const row = (i: number) => b.reshape(b.slice(values, [i], [i + 1], [1]), dims);
  const [x, y, width, height] = [0, 1, 2, 3].map(row) as [Value, Value, Value, Value];
  const shared = (centre: Value, side: Value, wantedCentre: Value, wantedSide: Value) => {
    const end = (at: Value, half: Value, sign: number) => b.add(at, b.scale(half, sign / 2));
    const last = b.op("Min", [end(centre, side, 1), end(wantedCentre, wantedSide, 1)]);
    const first = b.op("Max", [end(centre, side, -1), end(wantedCentre, wantedSide, -1)]);
    return b.op("Relu", [b.sub(last, first)]);
  };
  const inside = b.mul(
    shared(x, width, wanted.x, wanted.width),
    shared(y, height, wanted.y, wanted.height),
  );
  const areas = b.add(b.mul(width, height), b.mul(wanted.width, wanted.height));
  const overlap = b.div(inside, b.sub(areas, inside));
  const strides = b.constant(
    cells.map(({ stride }) => stride),
    [1, cells.length],
  );
  const apart = (p: Value, q: Value) => b.op("Abs", [b.sub(p, q)]);
  const logarithm = (side: Value) => b.op("Log", [side]);
  const distance = b.add(
    b.div(b.add(apart(x, wanted.x), apart(y, wanted.y)), strides),
    b.add(
      apart(logarithm(width), logarithm(wanted.width)),
      apart(logarithm(height), logarithm(wanted.height)),
    ),
  );
  return b.add(
    b.scale(b.sub(b.scalar(1), overlap), overlapWeight),
    b.scale(distance, distanceWeight),
  );
}
