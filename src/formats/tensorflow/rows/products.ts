/** @file Products of matrices. */
import type { Value } from "../../../graph/builder.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import { dense } from "../../channels-last/dense.ts";
import { heldLast, makersOrder, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { permutedTensor } from "../../channels-last/permuted-tensor.ts";
import { isConstant } from "../operand.ts";
import type { Operation } from "../operation.ts";
import { activated, fusedOf } from "./fused.ts";
import type { Row, Rows } from "./row.ts";

/** Whether input 0 is turned by `a`, and input 1 by `b`. */
function turnsOf(o: Operation): { readonly a: boolean; readonly b: boolean } {
  return {
    a: o.truth("transpose_a") || o.truth("adj_x"),
    b: o.truth("transpose_b") || o.truth("adj_y"),
  };
}

/** Whether input 1 is a layer's matrix of weights. */
function hasWeights(o: Operation): boolean {
  const matrix = o.input(1);
  return isConstant(matrix) && matrix.samples[0].dims.length === 2 && !turnsOf(o).a;
}

/** A layer: input 0, over its last axis, times the matrix that is input 1. */
function weighted(o: Operation, name: string, bias?: Tensor): NhwcValue {
  const x = o.x(0);
  const stored = o.constant(1);
  const kernel = turnsOf(o).b ? permutedTensor(stored, [1, 0]) : stored;
  const inputs = x.dims.at(-1);
  if (kernel.dims[0] !== inputs || x.dims.length < 2) {
    throw o.refused(`must have weights for ${inputs} inputs, got ${kernel.dims[0]}`);
  }
  if (bias && bias.dims[0] !== kernel.dims[1]) {
    throw o.refused(`must have a bias of ${kernel.dims[1]} numbers, got ${bias.dims[0]}`);
  }
  return dense(o.b, x, { kernel, ...(bias && { bias }) }, name);
}

/** Two values of a run. */
function multiplied(o: Operation, name: string): NhwcValue {
  const turns = turnsOf(o);
  const a = turnedIf(o, turns.a, makersOrder(o.b, o.x(0)));
  const b = turnedIf(o, turns.b, makersOrder(o.b, o.x(1)));
  return heldLast(o.b.op("MatMul", [a, b], {}, name));
}

function turnedIf(o: Operation, isTurned: boolean, value: Value): Value {
  const rank = value.dims.length;
  if (!isTurned) return value;
  if (rank < 2) throw o.refused(`must multiply matrices, got a value of ${rank} axes`);
  const order = [...Array(rank).keys()];
  return o.b.transpose(value, [...order.slice(0, -2), rank - 1, rank - 2]);
}

const product: Row = (o) => (hasWeights(o) ? weighted(o, o.name) : multiplied(o, o.name));

const fusedProduct: Row = (o) => {
  if (!hasWeights(o)) throw o.refused("must have its weights stored in the file");
  const behind = fusedOf(o);
  return activated(o, behind, (name) => weighted(o, name, behind.bias));
};

const einsum: Row = (o) => {
  const inputs = o.inputs.map((_, i) => makersOrder(o.b, o.x(i)));
  return heldLast(o.b.op("Einsum", inputs, { equation: o.text("equation", "") }, o.name));
};

export const productRows: Rows = {
  MatMul: product,
  BatchMatMul: product,
  BatchMatMulV2: product,
  BatchMatMulV3: product,
  _FusedMatMul: fusedProduct,
  Einsum: einsum,
};
