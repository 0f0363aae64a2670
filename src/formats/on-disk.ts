/** @file Weights that stay on disk until somebody looks at their numbers; a runtime maps the file instead. */
import { arrayType, bytesPerElement, elementCount, type Tensor } from "../graph/tensor.ts";
import { readNow, type ByteSource, type MappedFile } from "./source.ts";

/** Smaller files are in memory as a whole. */
const largeFileBytes = 1 << 27;

/** Smaller weights of a large file are in memory too. */
const largeElements = 1 << 16;

/** Numbers that are in memory at once where all are looked through. */
const pieceElements = 1 << 20;

/** The file on disk, if its large weights should stay there. */
export function mappedIfLarge(source: ByteSource): MappedFile | undefined {
  return source.size < largeFileBytes ? undefined : source.mapped;
}

/** Whether a weight of a large file stays on disk. */
export function staysOnDisk({ type, dims }: Pick<Tensor, "type" | "dims">): boolean {
  return type !== "string" && elementCount(dims) >= largeElements;
}

/** A tensor whose bytes lie in a mapped source from `offsetBytes` on and are read anew each time that its data is asked for. */
export function tensorOnDisk(
  type: Exclude<Tensor["type"], "string">,
  dims: readonly number[],
  mapped: MappedFile,
  offsetBytes: number,
): Tensor {
  const count = elementCount(dims);
  const elementBytes = bytesPerElement(type);
  const value: Tensor = {
    type,
    dims,
    file: { path: mapped.path, offsetBytes: mapped.startBytes + offsetBytes },
    get data() {
      const { buffer } = readNow(mapped, offsetBytes, count * elementBytes);
      return new (arrayType(type))(buffer, 0, count);
    },
  };
  const pieces = function* () {
    const most = Math.min(count, pieceElements);
    const bytes = new Uint8Array(most * elementBytes);
    for (let at = 0; at < count; at += most) {
      const length = Math.min(most, count - at);
      mapped.readInto(bytes.subarray(0, length * elementBytes), offsetBytes + at * elementBytes);
      yield new (arrayType(type))(bytes.buffer, 0, length);
    }
  };
  // A copy of the tensor has its numbers in memory, and messages to other threads hold no functions.
  return Object.defineProperty(value, "pieces", { value: pieces });
}
