/** @file Elements of HDF5 as tensors, from bytes that lie in memory. */
import {
  arrayType,
  elementCount,
  tensor,
  type ElementArrays,
  type Tensor,
} from "../../graph/tensor.ts";
import { notRead } from "./bad-hdf5.ts";
import { Cursor, decodeText, type Sizes } from "./cursor.ts";
import type { Datatype } from "./datatype.ts";
import type { GlobalHeap } from "./global-heap.ts";

/** The tensor over bytes that are its own, as many as its shape needs; a copy where no array can lie over them. */
export function numbersOf(
  { type, size, isBigEndian }: Extract<Datatype, { kind: "numbers" }>,
  dims: readonly number[],
  bytes: Uint8Array,
): Tensor {
  const isAligned = bytes.byteOffset % size === 0;
  const own = isAligned && !isBigEndian ? bytes : bytes.slice();
  if (isBigEndian) turn(own, size);
  const data = new (arrayType(type))(own.buffer as ArrayBuffer, own.byteOffset, elementCount(dims));
  return tensor(type, dims, data as ElementArrays[typeof type]);
}

/** Turns each element's bytes round. */
function turn(bytes: Uint8Array, size: number): void {
  for (let from = 0; from < bytes.length; from += size) {
    for (let i = 0; i < size >> 1; i++) {
      const other = from + size - 1 - i;
      [bytes[from + i], bytes[other]] = [bytes[other]!, bytes[from + i]!];
    }
  }
}

/** A tensor of any type that is read, from bytes that stay as they are. Throws `bad-file`. */
export async function valuesOf(
  datatype: Datatype,
  dims: readonly number[],
  bytes: Uint8Array,
  sizes: Sizes,
  heap: GlobalHeap,
): Promise<Tensor> {
  const { kind, size } = datatype;
  if (kind === "numbers") return numbersOf(datatype, dims, bytes.slice());
  if (kind === "opaque") throw notRead("the elements are bytes of an own kind (opaque)");
  const texts: string[] = [];
  const fields = new Cursor(bytes, sizes);
  for (let i = 0; i < elementCount(dims); i++) {
    const text =
      kind === "text" ? decodeText(fields.bytes(size)) : await heap.text(fields.part(size));
    texts.push(kind === "text" && datatype.isBlankPadded ? text.replace(/ +$/, "") : text);
  }
  return tensor("string", dims, texts);
}
