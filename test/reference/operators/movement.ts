/** @file The operators of the float64 interpreter that move elements without computing. */
import { elementCount } from "../../../src/graph/tensor.ts";
import { broadcastDims, broadcastTo, reshaped, transposed } from "../ndarray.ts";
import { numbers, required, type OperatorTable, type ReferenceOperator } from "../operator.ts";

const reshape: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const copies = attributes.int("allowzero", 0) === 0;
  const asked = numbers(inputs, 1).map((dim, axis) => (dim === 0 && copies ? x.dims[axis]! : dim));
  const known = elementCount(asked.filter((dim) => dim !== -1));
  return [
    reshaped(
      x,
      asked.map((dim) => (dim === -1 ? x.data.length / known : dim)),
    ),
  ];
};

export const movement: OperatorTable = {
  Expand: (inputs) => {
    const x = required(inputs, 0);
    return [broadcastTo(x, broadcastDims(x.dims, numbers(inputs, 1)))];
  },
  Reshape: reshape,
  Transpose: (inputs, attributes) => {
    const x = required(inputs, 0);
    const reversed = x.dims.map((_, axis) => x.dims.length - 1 - axis);
    return [transposed(x, attributes.ints("perm", reversed))];
  },
};
