/** @file Linear quantisation of the float64 interpreter. */
import type { AttributeReader } from "../../../src/graph/attributes.ts";
import { castCodes } from "../../../src/graph/infer.ts";
import type { ElementType } from "../../../src/graph/tensor.ts";
import { at, axisOf, filled, generate, integerRange, ndarray, type NdArray } from "../ndarray.ts";
import { required, type OperatorTable, type ReferenceOperator } from "../operator.ts";
import { roundHalfToEven } from "./elementwise.ts";

/** The parameter (scale or zero point) of every element: one for all, one a slice of `axis`, or one a block. */
function parameterAt(
  parameter: NdArray,
  x: NdArray,
  attributes: AttributeReader,
): (position: readonly number[]) => number {
  if (parameter.data.length === 1) return () => parameter.data[0]!;
  const axis = axisOf(attributes.int("axis", 1), x.dims.length);
  const block = attributes.int("block_size", 0);
  if (block === 0) return (position) => parameter.data[position[axis]!]!;
  return (position) => at(parameter, position.with(axis, Math.floor(position[axis]! / block)));
}

/** What is quantised to where no zero point says it. */
function typeWritten(attributes: AttributeReader): ElementType {
  const code = attributes.int("output_dtype", 0);
  const named = Object.entries(castCodes).find(([, known]) => known === code);
  return (named?.[0] ?? "uint8") as ElementType;
}

const quantize: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const scale = required(inputs, 1);
  const zero = inputs[2] ?? filled(typeWritten(attributes), scale.dims, 0);
  const [low, high] = integerRange(zero.type);
  const scaleAt = parameterAt(scale, x, attributes);
  const zeroAt = parameterAt(zero, x, attributes);
  const quantized = generate(zero.type, x.dims, (position) => {
    const level = roundHalfToEven(at(x, position) / scaleAt(position)) + zeroAt(position);
    return Math.min(Math.max(level, low), high);
  });
  return [quantized];
};

const dequantize: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const scale = required(inputs, 1);
  const zero = inputs[2] ?? filled(x.type, scale.dims, 0);
  const scaleAt = parameterAt(scale, x, attributes);
  const zeroAt = parameterAt(zero, x, attributes);
  const level = (position: readonly number[]) => at(x, position) - zeroAt(position);
  return [generate(scale.type, x.dims, (position) => level(position) * scaleAt(position))];
};

/** The range of x, zero included, is spread over 0 .. 255. */
const dynamicQuantize: ReferenceOperator = (inputs, attributes, node) => {
  const x = required(inputs, 0);
  const low = Math.min(0, ...x.data);
  const high = Math.max(0, ...x.data);
  const scale = (high - low) / 255;
  const zero = Math.min(Math.max(roundHalfToEven(-low / scale), 0), 255);
  const scaleArray = ndarray(x.type, [], [scale]);
  const zeroArray = ndarray("uint8", [], [zero]);
  const [quantized] = quantize([x, scaleArray, zeroArray], attributes, node);
  return [quantized!, scaleArray, zeroArray];
};

export const quantization: OperatorTable = {
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
  QuantizeLinear: quantize,
};
