/** @file What is checked of the linear algebra family. */
import type { ForwardRows, GradientRow, GradientRows } from "../row.ts";

const einsum = (equation: string, ...inputs: readonly (readonly number[])[]): GradientRow => ({
  inputs,
  attributes: { equation },
  note: equation,
});

const gemm = (
  attributes: Readonly<Record<string, number>>,
  ...inputs: readonly (readonly number[])[]
): GradientRow => ({ inputs, attributes });

const product = (...inputs: readonly (readonly number[])[]): GradientRow => ({ inputs });

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
    einsum("bhwc,hkc->bhwk", [2, 2, 3, 2], [2, 4, 2]),
    einsum("...i,...i->...", [2, 3], [2, 3]),
    einsum("...i,...j->i...j", [1, 2, 3], [2, 2, 2]),
    einsum("i...->...", [2, 3, 2]),
    einsum("ij,k->ij", [2, 3], [2]),
    einsum("ba,cb", [2, 3], [4, 2]),
    einsum("a,b,c,d->abcd", [2], [2], [1], [3]),
    einsum("ij,ij->ij", [2, 1], [2, 3]),
    einsum("ij,kj->ik", [2, 3], [1, 1]),
    einsum("i,i->", [3], [1]),
    einsum("...j,...j->...", [2, 3], [1, 3]),
    einsum("iii->i", [3, 3, 3]),
    einsum("ii->i", [3, 3]),
    einsum("ii->", [3, 3]),
    einsum("iij->ji", [2, 2, 3]),
    einsum("bii->b", [2, 3, 3]),
    einsum("ii,ij->j", [2, 2], [2, 3]),
  ],
  Gemm: [
    gemm({}, [2, 3], [3, 4], [4]),
    gemm({}, [2, 3], [3, 4]),
    gemm({ transA: 1, alpha: 0.5 }, [3, 2], [3, 4], [2, 1]),
    gemm({ transB: 1, beta: 2 }, [2, 3], [4, 3], []),
    gemm({ transA: 1, transB: 1, alpha: -1, beta: 0.3 }, [3, 2], [4, 3], [2, 4]),
    { inputs: [[2, 3], [3, 2], null], note: "bias left out" },
    gemm({ transB: 1, alpha: 2 }, [1, 3], [2, 3], [1, 2]),
    {
      ...gemm({ beta: 0.5 }, [2, 3], [3, 2]),
      inputs: [[2, 3], { dims: [3, 2], constant: true }, [1]],
    },
  ],
  MatMul: [
    product([2, 3], [3, 4]),
    product([3], [3, 4]),
    product([2, 3], [3]),
    product([3], [3]),
    product([2, 2, 3], [2, 3, 4]),
    product([2, 2, 3], [3, 4]),
    product([2, 1, 2, 3], [3, 2]),
    product([2, 3], [2, 3, 4]),
    product([2, 1, 2, 3], [3, 3, 2]),
    product([1, 2, 3], [2, 3, 2]),
    product([2, 2, 3], [3]),
    product([3], [2, 3, 4]),
    product([1, 1], [1, 1]),
  ],
};

export const forwardRows: ForwardRows = {};
