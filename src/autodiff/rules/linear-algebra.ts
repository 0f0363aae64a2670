/** @file Gradient rules of matrix products. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { GradientRule, RuleTable } from "../rule.ts";

/** The last two axes swapped. */
function swapped(b: GraphBuilder, value: Value): Value {
  const rank = value.dims.length;
  const order = value.dims.map((_, axis) => axis);
  return b.transpose(value, [...order.slice(0, -2), rank - 1, rank - 2]);
}

/** Rows of all batches under one another: [rows, columns]. */
function stackedRows(b: GraphBuilder, value: Value): Value {
  return b.reshape(value, [elementCount(value.dims.slice(0, -1)), value.dims.at(-1)!]);
}

/**
 * y = a b; da = dy b', db = a' dy. One-dimensional operands are taken as a row on the left and a column
 * on the right. Where b is one matrix, db is one product of the rows of all batches.
 */
const matMul: GradientRule = (n, b) => {
  const [a, w] = [n.in(0), n.in(1)];
  const left = a.dims.length === 1 ? b.reshape(a, [1, a.dims[0]!]) : a;
  const right = w.dims.length === 1 ? b.reshape(w, [w.dims[0]!, 1]) : w;
  const matrixAxes = (a.dims.length === 1 ? 0 : 1) + (w.dims.length === 1 ? 0 : 1);
  const batch = n.out(0).dims.slice(0, n.out(0).dims.length - matrixAxes);
  const dy = b.reshape(n.grad(0), [...batch, left.dims.at(-2)!, right.dims.at(-1)!]);
  const da = () => b.op("MatMul", [dy, swapped(b, right)]);
  const db = () =>
    right.dims.length === 2
      ? b.op("Gemm", [stackedRows(b, left), stackedRows(b, dy)], { transA: 1 })
      : b.op("MatMul", [swapped(b, left), dy]);
  return [
    n.needs(0) ? vectorShaped(b, da(), a, -2) : null,
    n.needs(1) ? vectorShaped(b, db(), w, -1) : null,
  ];
};

/** The gradient of a one-dimensional operand without the axis that the product gave it; its batches are summed by the walk. */
function vectorShaped(b: GraphBuilder, gradient: Value, operand: Value, axis: -1 | -2): Value {
  if (operand.dims.length !== 1) return gradient;
  const { dims } = gradient;
  return b.reshape(gradient, dims.toSpliced(dims.length + axis, 1));
}

/** y = alpha op(a) op(b) + beta c; da = alpha dy op(b)', db = alpha op(a)' dy, dc = beta dy. */
const gemm: GradientRule = (n, b) => {
  const alpha = n.float("alpha", 1);
  const beta = n.float("beta", 1);
  const transA = n.int("transA", 0);
  const transB = n.int("transB", 0);
  const dy = n.grad(0);
  const da = () =>
    transA === 1
      ? b.op("Gemm", [n.in(1), dy], { alpha, transA: transB, transB: 1 })
      : b.op("Gemm", [dy, n.in(1)], { alpha, transB: 1 - transB });
  const db = () =>
    transB === 1
      ? b.op("Gemm", [dy, n.in(0)], { alpha, transA: 1, transB: transA })
      : b.op("Gemm", [n.in(0), dy], { alpha, transA: 1 - transA });
  return [
    n.needs(0) ? da() : null,
    n.needs(1) ? db() : null,
    n.needs(2) ? (beta === 1 ? dy : b.scale(dy, beta)) : null,
  ].slice(0, n.inputCount);
};

export const linearAlgebra = {
  Gemm: gemm,
  // y = a b; da = dy b', db = a' dy
  MatMul: matMul,
} satisfies RuleTable;
