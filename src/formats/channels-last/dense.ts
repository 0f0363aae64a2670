/** @file Products with a matrix of weights over the maker's last axis. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { toFloat32, tensor, type Tensor } from "../../graph/tensor.ts";
import { heldFirst, heldLast, makersOrder, type NhwcValue } from "./nhwc-value.ts";
import { permutedTensor, rowsForFlat } from "./permuted-tensor.ts";

/** A layer's weights: [inputs, units], and [units]. */
export interface DenseWeights {
  readonly kernel: Tensor;
  readonly bias?: Tensor;
}

/** `x * kernel + bias` over the last axis of any number of axes; the result is called `name`. */
export function dense(
  b: GraphBuilder,
  x: NhwcValue,
  weights: DenseWeights,
  name: string,
): NhwcValue {
  if (x.held === "first") return pointwise(b, x, weights, name);
  const { kernel, bias } = weights;
  // What lies on disk stays there: turning a row of features at a run costs less than turning the matrix in memory.
  const isTurned = x.held === "flat" && kernel.file === undefined;
  const rows = isTurned ? rowsForFlat(kernel, x.flattened!) : floats(kernel);
  const matrix = b.initializer(`${name}/kernel`, rows);
  const inputs: Value[] = [isTurned ? x.value : makersOrder(b, x), matrix];
  if (!bias) return heldLast(b.op("MatMul", inputs, {}, name));
  const shift = b.initializer(`${name}/bias`, permutedTensor(bias, [0]));
  if (x.dims.length === 2) return heldLast(b.op("Gemm", [...inputs, shift], {}, name));
  const product = b.op("MatMul", inputs, {}, b.freeName(`${name}/product`));
  return heldLast(b.op("Add", [product, shift], {}, name));
}

/** Over the channels of a map it is a convolution of one place. */
function pointwise(
  b: GraphBuilder,
  x: NhwcValue,
  { kernel, bias }: DenseWeights,
  name: string,
): NhwcValue {
  const spatial = x.dims.length - 2;
  const [inputs = 0, units = 0] = kernel.dims;
  const ones = Array<number>(spatial).fill(1);
  const weights = { ...permutedTensor(kernel, [1, 0]), dims: [units, inputs, ...ones] };
  const values = [x.value, b.initializer(`${name}/kernel`, weights)];
  if (bias) values.push(b.initializer(`${name}/bias`, permutedTensor(bias, [0])));
  return heldFirst(b.op("Conv", values, { kernel_shape: ones }, name));
}

function floats(kernel: Tensor): Tensor {
  return kernel.type === "float32" ? kernel : tensor("float32", kernel.dims, toFloat32(kernel));
}
