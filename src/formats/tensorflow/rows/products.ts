/** @file Products of matrices. */
import { tensor, toFloat32, type Tensor } from "../../../graph/tensor.ts";
import { dense } from "../../channels-last/dense.ts";
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import { permutedTensor } from "../../channels-last/permuted-tensor.ts";
import { isConstant } from "../operand.ts";
import type { Operation } from "../operation.ts";
import { activated, fusedOf } from "./fused.ts";
import type { Rows } from "./row.ts";

/** A layer of weights: input 0 times the matrix that is input 1. */
function weighted(o: Operation, name: string, bias?: Tensor): NhwcValue {
  const x = o.x(0);
  const stored = o.constant(1);
  if (stored.dims.length !== 2 || x.dims.length !== 2 || o.truth("transpose_a")) {
    throw o.refused("must be a product of rows with a matrix of weights");
  }
  const kernel = o.truth("transpose_b")
    ? permutedTensor(stored, [1, 0])
    : tensor("float32", stored.dims, toFloat32(stored));
  if (kernel.dims[0] !== x.dims[1]) {
    throw o.refused(`must have weights for ${x.dims[1]} inputs, got ${kernel.dims[0]}`);
  }
  if (bias && bias.dims[0] !== kernel.dims[1]) {
    throw o.refused(`must have a bias of ${kernel.dims[1]} numbers, got ${bias.dims[0]}`);
  }
  return dense(o.b, x, { kernel, ...(bias && { bias }) }, name);
}

export const productRows: Rows = {
  MatMul: (o) => {
    if (!isConstant(o.input(1))) throw o.refused("must have its weights stored in the file");
    return weighted(o, o.name);
  },
  _FusedMatMul: (o) => {
    const behind = fusedOf(o);
    return activated(o, behind, (name) => weighted(o, name, behind.bias));
  },
};
