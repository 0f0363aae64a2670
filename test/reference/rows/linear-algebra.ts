/** @file What is checked of the linear algebra family. */
import type { ForwardRows, GradientRow, GradientRows } from "../row.ts";

const einsum = (equation: string, ...inputs: readonly (readonly number[])[]): GradientRow => ({
  inputs,
  attributes: { equation },
  note: equation,
});

export const gradientRows: GradientRows = {
  Einsum: [
    einsum("ij,jk->ik", [2, 3], [3, 4]),
    einsum("bij,bjk->bik", [2, 2, 3], [2, 3, 2]),
    einsum("bhid,bhjd->bhij", [1, 2, 3, 2], [1, 2, 4, 2]),
    einsum("ij->ji", [2, 3]),
    einsum("ij->i", [2, 3]),
    einsum("ij->", [2, 3]),
    einsum("i,j->ij", [2], [3]),
    einsum("i,i", [3], [3]),
    einsum("ij,jk,kl->il", [2, 3], [3, 2], [2, 2]),
    einsum("...ij,jk->...ik", [2, 2, 2, 3], [3, 2]),
    einsum("nctkv,kvw->nctw", [1, 2, 2, 2, 3], [2, 3, 2]),
  ],
  Gemm: [
    { inputs: [[2, 3], [3, 4], [4]] },
    {
      inputs: [
        [2, 3],
        [3, 4],
      ],
      note: "no bias",
    },
    {
      inputs: [
        [3, 2],
        [3, 4],
        [2, 1],
      ],
      attributes: { transA: 1, alpha: 0.5 },
    },
    { inputs: [[2, 3], [4, 3], []], attributes: { transB: 1, beta: 2 } },
    {
      inputs: [
        [3, 2],
        [4, 3],
        [2, 4],
      ],
      attributes: { transA: 1, transB: 1, alpha: -1, beta: 0.3 },
    },
  ],
  MatMul: [
    {
      inputs: [
        [2, 3],
        [3, 4],
      ],
    },
    { inputs: [[3], [3, 4]], note: "vector on the left" },
    { inputs: [[2, 3], [3]], note: "vector on the right" },
    { inputs: [[3], [3]], note: "two vectors" },
    {
      inputs: [
        [2, 2, 3],
        [2, 3, 4],
      ],
      note: "batch",
    },
    {
      inputs: [
        [2, 2, 3],
        [3, 4],
      ],
      note: "one matrix for the batch",
    },
    {
      inputs: [
        [2, 3],
        [2, 3, 4],
      ],
      note: "batch on the right",
    },
    {
      inputs: [
        [2, 1, 2, 3],
        [3, 3, 2],
      ],
      note: "broadcast batches",
    },
    { inputs: [[2, 2, 3], [3]], note: "batch times vector" },
    { inputs: [[3], [2, 3, 4]], note: "vector times batch" },
  ],
};

export const forwardRows: ForwardRows = {};
