/** @file Weights of TensorFlow Lite as numbers; quantised ones as the floats that they stand for. */
import {
  arrayType,
  bytesPerElement,
  elementCount,
  tensor,
  tensorOf,
  toFloat32,
  type Tensor,
} from "../../graph/tensor.ts";
import { shownText } from "../../wording/shown-text.ts";
import { storedTypes } from "../tensorflow/description.ts";
import { badTflite } from "./bad-tflite.ts";
import { storedDataType, type LiteTensor, type Quantization } from "./lite-model.ts";

/** The numbers of weights, or the floats that quantised ones stand for. Throws `bad-file`. */
export function weightsOf({ name, type, shape, data, quantization }: LiteTensor): Tensor {
  const stored = storedTypes[storedDataType(type)];
  const count = elementCount(shape);
  const isInt4 = type === "INT4";
  const bytes = isInt4 ? Math.ceil(count / 2) : count * (stored ? bytesPerElement(stored) : 0);
  const fits = shape.every((dim) => dim >= 0) && data?.length === bytes && (stored || isInt4);
  if (!fits || !data) {
    throw badTflite(
      `weights "${shownText(name)}" must have the bytes of ${type} [${shape.join(", ")}], got ${data?.length ?? 0}`,
    );
  }
  const told = isInt4
    ? tensorOf("int8", shape, halves(data, count))
    : tensor(stored!, shape, new (arrayType(stored!))(data.slice().buffer) as never);
  if (quantization) return dequantized(told, quantization, name);
  const isOtherFloat = type === "FLOAT16" || type === "FLOAT64";
  return isOtherFloat ? tensor("float32", shape, toFloat32(told)) : told;
}

/** Numbers of 4 bits, the lower half of a byte first. */
function halves(data: Uint8Array, count: number): Int8Array {
  return Int8Array.from({ length: count }, (_, i) => {
    const half = i % 2 === 0 ? data[i >> 1]! << 28 : (data[i >> 1]! >> 4) << 28;
    return half >> 28;
  });
}

function dequantized(
  value: Tensor,
  { scales, zeroPoints, axis }: Quantization,
  name: string,
): Tensor {
  const { dims } = value;
  const entries = scales.length === 1 ? 1 : dims[axis];
  const inner = elementCount(dims.slice(axis + 1));
  const isFinite = scales.every(Number.isFinite);
  if (entries !== scales.length || !isFinite || zeroPoints.length > scales.length) {
    throw badTflite(`weights "${shownText(name)}" must have a scale for each entry of an axis`);
  }
  const numbers = value.data as ArrayLike<number | bigint>;
  const floats = new Float32Array(numbers.length);
  for (let i = 0; i < floats.length; i++) {
    const entry = scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length;
    floats[i] = (Number(numbers[i]) - (zeroPoints[entry] ?? 0)) * scales[entry]!;
  }
  return tensor("float32", dims, floats);
}
