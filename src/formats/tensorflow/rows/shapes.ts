/** @file What moves numbers and leaves them as they are. */
import { elementCount, tensorOf, type Tensor } from "../../../graph/tensor.ts";
import { heldLast, makersOrder } from "../../channels-last/nhwc-value.ts";
import { flatten } from "../../channels-last/shapes.ts";
import { isConstant, sampled, sampleOf, type Constant } from "../operand.ts";
import type { Operation } from "../operation.ts";
import { targetOf } from "./reshape-target.ts";
import type { Row, Rows } from "./row.ts";

/** The sizes of a value, as numbers that are known at reading. */
const shapeOf: Row = (o) => {
  const x = o.input(0);
  const type = o.attribute("out_type", "type") === "INT64" ? "int64" : "int32";
  const listed = (dims: readonly number[]) => tensorOf(type, [dims.length], dims);
  if (isConstant(x)) return sampled(x.samples.map(({ dims }) => listed(dims)) as Samples);
  return sampled(o.probes.dimsOf(x).map(listed) as Samples);
};

type Samples = [Tensor, ...Tensor[]];

const reshape: Row = (o) => {
  const x = o.x(0);
  const sizes = o.probes.dimsOf(x);
  const asked = sizes.map((_, size) => numbersAt(o, o.input(1) as Constant, size));
  const target = targetOf(o, sizes, asked);
  const [n, ...inner] = x.dims;
  const features = elementCount(inner);
  const isFlat = target.length === 2 && inner.length > 0 && isFlattened(target, n!, features);
  // Rows stay together, so that their numbers may lie in another order until somebody asks.
  if (isFlat && !o.isOutput && x.held !== "flat") return flatten(o.b, x, o.name);
  return heldLast(o.b.op("Reshape", [makersOrder(o.b, x), o.b.ints(target)], {}, o.name));
};

function isFlattened([rows, columns]: readonly number[], n: number, features: number): boolean {
  if (columns === -1) return rows === 0 || rows === n;
  return columns === features && (rows === -1 || rows === 0 || rows === n);
}

function numbersAt(o: Operation, constant: Constant, size: number): readonly number[] {
  if (!isConstant(constant)) {
    throw o.refused("must have sizes that are known when the model is read, got computed ones");
  }
  return Array.from(sampleOf(constant, size).data as ArrayLike<number | bigint>, Number);
}

export const shapeRows: Rows = {
  Shape: shapeOf,
  Reshape: reshape,
  Identity: (o) => o.input(0),
};
