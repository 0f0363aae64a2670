/** @file PyTorch's tensors as files hold them: views of stored bytes by sizes, strides and an offset. */
import { LimpidError } from "../../errors.ts";
import {
  arrayType,
  bytesPerElement,
  elementCount,
  formatShape,
  mostAxes,
  tensor,
  type ElementType,
  type Tensor,
} from "../../graph/tensor.ts";
import { mappedIfLarge, staysOnDisk, tensorOnDisk } from "../on-disk.ts";
import type { ByteSource } from "../source.ts";

/** Types of elements that are read. */
export type StoredType = Exclude<ElementType, "string">;

/** Bytes that tensors are views of. */
export interface Storage {
  /** For messages. */
  readonly name: string;
  /** Of all of its elements. */
  readonly bytes: number;
  /** The source, and where in it the storage begins. */
  open(): Promise<{ readonly source: ByteSource; readonly startBytes: number }>;
  readonly isBigEndian: boolean;
}

/** A view of a storage. Offsets and strides count elements. */
export interface StoredTensor {
  readonly storage: Storage;
  readonly type: StoredType;
  readonly offset: number;
  readonly dims: readonly number[];
  readonly strides: readonly number[];
}

/** Elements beyond those stored that views of a storage may have: broadcast ones have few. */
const mostRepeated = 2 ** 20;

function badTensor(name: string, what: string): LimpidError {
  return new LimpidError(
    "bad-file",
    `weights: "${name}" must ${what}. check that the download is complete.`,
  );
}

/**
 * The tensor of a view, row-major. Large weights of a large file stay on disk where they lie there as they are. Throws
 * `bad-file` for a view that leaves its storage, or is far larger than it.
 */
export async function readStored(name: string, view: StoredTensor): Promise<Tensor> {
  const { storage, type, offset, dims, strides } = view;
  const width = bytesPerElement(type);
  const { source, startBytes } = await storage.open();
  const last = lastElement(name, view, Math.min(storage.bytes, source.size - startBytes));
  const from = startBytes + offset * width;
  const count = elementCount(dims);
  const isPlain = isContiguous(view);
  const mapped = mappedIfLarge(source);
  const isNative = !storage.isBigEndian || width === 1;
  if (mapped && isPlain && isNative && staysOnDisk({ type, dims })) {
    return tensorOnDisk(type, dims, mapped, from);
  }
  const length = count === 0 ? 0 : (last + 1 - offset) * width;
  const bytes = await source.read(from, length);
  if (bytes.byteLength !== length) {
    throw badTensor(name, `have ${length} bytes, got ${bytes.byteLength}`);
  }
  if (!isNative) swap(bytes, width);
  const own = new (arrayType(type))(aligned(bytes, width));
  return isPlain ? tensor(type, dims, own) : tensor(type, dims, gathered(own, dims, strides));
}

/** The index of the last element in the storage. Throws `bad-file` for a view that is not inside. */
function lastElement(
  name: string,
  { type, offset, dims, strides }: StoredTensor,
  bytes: number,
): number {
  const numbers = [offset, ...dims, ...strides];
  const isWhole = numbers.every((each) => Number.isSafeInteger(each) && each >= 0);
  if (!isWhole || dims.length !== strides.length || dims.length > mostAxes) {
    const got = `${formatShape(dims)} by ${formatShape(strides)} from ${offset}`;
    throw badTensor(name, `have as many strides as sizes, from 0, got ${got}`);
  }
  const stored = Math.floor(bytes / bytesPerElement(type));
  const count = elementCount(dims);
  if (count === 0) return offset;
  const last = dims.reduce((sum, dim, axis) => sum + (dim - 1) * strides[axis]!, offset);
  if (last >= stored || count > Math.max(stored, mostRepeated)) {
    throw badTensor(name, `lie in its ${stored} stored elements, got ${formatShape(dims)}`);
  }
  return last;
}

/** Whether the elements lie one after the other; strides of axes of one element say nothing. */
function isContiguous({ dims, strides }: StoredTensor): boolean {
  let wanted = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    if (dims[axis] !== 1 && strides[axis] !== wanted) return elementCount(dims) === 0;
    wanted *= dims[axis]!;
  }
  return true;
}

/** The elements of a view in row-major order. */
function gathered<A extends Tensor["data"]>(
  stored: A,
  dims: readonly number[],
  strides: readonly number[],
): A {
  const count = elementCount(dims);
  const result = new (stored.constructor as new (length: number) => A)(count);
  const index = dims.map(() => 0);
  let at = 0;
  for (let i = 0; i < count; i++) {
    result[i] = stored[at]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      index[axis] = index[axis]! + 1;
      if (index[axis]! < dims[axis]!) break;
      at -= strides[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

/** The bytes as a buffer that typed arrays can lie on. */
function aligned(bytes: Uint8Array, width: number): ArrayBuffer {
  const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.byteLength % width === 0;
  return (isWhole ? bytes.buffer : bytes.slice().buffer) as ArrayBuffer;
}

function swap(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}
