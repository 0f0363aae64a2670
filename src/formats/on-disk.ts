/** @file Weights that stay on disk until somebody looks at their numbers; a runtime maps the file instead. */
import { arrayType, bytesPerElement, elementCount, type Tensor } from "../graph/tensor.ts";
import type { ByteSource, MappedFile } from "./source.ts";

/** Smaller files are in memory as a whole. */
const largeFileBytes = 1 << 27;

/** Smaller weights of a large file are in memory too. */
const largeElements = 1 << 16;

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
  return {
    type,
    dims,
    file: { path: mapped.path, offsetBytes: mapped.startBytes + offsetBytes },
    get data() {
      const { buffer } = mapped.readNow(offsetBytes, count * bytesPerElement(type));
      return new (arrayType(type))(buffer as ArrayBuffer, 0, count);
    },
  };
}
