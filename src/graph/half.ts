/** @file Numbers in half precision, for weights that are stored small. */
import { tensor, type Tensor } from "./tensor.ts";

/** The tensor in float16, each number rounded to the nearest one, ties to even; beyond 65,504 it becomes infinite. */
export function toHalf(value: Tensor): Tensor {
  const data = Uint16Array.from(value.data as Float32Array, halfBits);
  return tensor("float16", value.dims, data);
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bits of IEEE 754 binary16 that come nearest to a number. */
export function halfBits(value: number): number {
  float[0] = value;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const exponent = (bits[0]! >>> 23) & 0xff;
  const fraction = bits[0]! & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  // 112 is the difference of the two exponents' offsets, 127 - 15.
  const shifted = exponent - 112;
  if (shifted >= 31) return sign | 0x7c00;
  if (shifted <= 0) return sign | rounded(fraction | 0x800000, 14 - shifted);
  return sign + rounded((shifted << 23) | fraction, 13);
}

/** `value / 2^count`, to the nearest whole number, ties to even. */
function rounded(value: number, count: number): number {
  if (count > 24) return 0;
  const rest = value & (2 ** count - 1);
  const half = 2 ** (count - 1);
  const down = value >>> count;
  return rest > half || (rest === half && down % 2 === 1) ? down + 1 : down;
}
