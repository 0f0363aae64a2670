/** @file The matrix products of the float64 interpreter. */
import { einsumTerms } from "../../../src/graph/einsum.ts";
import {
  at,
  broadcastDims,
  broadcastTo,
  combine,
  generate,
  mapElements,
  positions,
  reshaped,
  transposed,
  type NdArray,
} from "../ndarray.ts";
import { required, type OperatorTable, type ReferenceOperator } from "../operator.ts";

/** The product of [..., M, K] and [..., K, N] with broadcast batches. */
function product(a: NdArray, b: NdArray): NdArray {
  const batch = broadcastDims(a.dims.slice(0, -2), b.dims.slice(0, -2));
  const left = broadcastTo(a, [...batch, ...a.dims.slice(-2)]);
  const right = broadcastTo(b, [...batch, ...b.dims.slice(-2)]);
  const inner = a.dims.at(-1)!;
  return generate(a.type, [...batch, a.dims.at(-2)!, b.dims.at(-1)!], (position) => {
    const place = position.slice(0, -2);
    const [row, column] = position.slice(-2) as [number, number];
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum += at(left, [...place, row, k]) * at(right, [...place, k, column]);
    return sum;
  });
}

const matMul: ReferenceOperator = (inputs) => {
  const a = required(inputs, 0);
  const b = required(inputs, 1);
  const left = a.dims.length === 1 ? reshaped(a, [1, ...a.dims]) : a;
  const right = b.dims.length === 1 ? reshaped(b, [...b.dims, 1]) : b;
  const full = product(left, right);
  const dims = [...full.dims];
  if (b.dims.length === 1) dims.splice(-1, 1);
  if (a.dims.length === 1) dims.splice(b.dims.length === 1 ? -1 : -2, 1);
  return [reshaped(full, dims)];
};

const gemm: ReferenceOperator = (inputs, attributes) => {
  const turn = (array: NdArray, flag: string) =>
    attributes.int(flag, 0) === 1 ? transposed(array, [1, 0]) : array;
  const alpha = attributes.float("alpha", 1);
  const beta = attributes.float("beta", 1);
  const scaled = mapElements(
    product(turn(required(inputs, 0), "transA"), turn(required(inputs, 1), "transB")),
    (x) => alpha * x,
  );
  return [inputs[2] ? combine([scaled, inputs[2]], (y = 0, c = 0) => y + beta * c) : scaled];
};

const einsum: ReferenceOperator = (inputs, attributes) => {
  const arrays = inputs.map((_, i) => required(inputs, i));
  const { operands, output } = einsumTerms(
    attributes.string("equation"),
    arrays.map((array) => array.dims.length),
  );
  const sizes = new Map<string, number>();
  operands.forEach((term, i) => {
    Array.from(term).forEach((letter, axis) => {
      sizes.set(letter, Math.max(sizes.get(letter) ?? 1, arrays[i]!.dims[axis]!));
    });
  });
  const summed = [...sizes.keys()].filter((letter) => !output.includes(letter));
  const kept = Array.from(output);
  return [
    generate(
      arrays[0]!.type,
      kept.map((letter) => sizes.get(letter)!),
      (position) => {
        let total = 0;
        for (const inner of positions(summed.map((letter) => sizes.get(letter)!))) {
          const indexOf = (letter: string) =>
            output.includes(letter)
              ? position[kept.indexOf(letter)]!
              : inner[summed.indexOf(letter)]!;
          total += arrays.reduce(
            (factor, array, i) =>
              factor *
              at(
                array,
                Array.from(operands[i]!, (letter, axis) =>
                  array.dims[axis] === 1 ? 0 : indexOf(letter),
                ),
              ),
            1,
          );
        }
        return total;
      },
    ),
  ];
};

export const linearAlgebra: OperatorTable = { Einsum: einsum, Gemm: gemm, MatMul: matMul };
