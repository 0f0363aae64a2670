/** @file Where the bytes of weights lie, and how typed arrays are laid over them without a second copy. */
import type { ElementArrays } from "../../graph/tensor.ts";
import type { MappedFile } from "../source.ts";

export interface WeightOptions {
  /**
   * The bytes are the decoder's to change: large weights that lie at odd addresses are moved a few
   * bytes to the left, over their own field headers, instead of being copied. Decode such bytes once.
   */
  readonly takeOver?: boolean;
}

/** Elements as a file has them. */
export interface RawBytes {
  /** Read anew each time that they are asked for, if they stay on disk. */
  readonly bytes: Uint8Array;
  readonly byteLength: number;
  /** True if they are a field of the model file, so that the header of the field lies before them. */
  readonly isField: boolean;
  /** Set if they need not be in memory. */
  readonly onDisk?: { readonly mapped: MappedFile; readonly offsetBytes: number };
}

type ArrayType = {
  readonly BYTES_PER_ELEMENT: number;
  new (
    buffer: ArrayBuffer,
    byteOffset: number,
    length: number,
  ): Exclude<ElementArrays[keyof ElementArrays], string[]>;
};

/** From this size on, a field's header has at least the 4 bytes that moving the field may overwrite. */
const movableBytes = 1 << 16;

/** The weights of one model file. */
export class WeightBytes {
  readonly #options: WeightOptions;

  constructor(options: WeightOptions) {
    this.#options = options;
  }

  /** A typed array over the bytes. */
  place(
    { bytes, isField }: RawBytes,
    Type: ArrayType,
    count: number,
  ): Exclude<ElementArrays[keyof ElementArrays], string[]> {
    const aligned = this.#aligned(bytes, isField, Type.BYTES_PER_ELEMENT);
    return new Type(aligned.buffer as ArrayBuffer, aligned.byteOffset, count);
  }

  /** The bytes where a typed array may lie: themselves, moved in place, or copied. */
  #aligned(bytes: Uint8Array, isField: boolean, elementBytes: number): Uint8Array {
    const excess = bytes.byteOffset % elementBytes;
    if (excess === 0) return bytes;
    const isMovable = isField && elementBytes <= 4 && bytes.byteLength >= movableBytes;
    if (!isMovable || this.#options.takeOver !== true) return bytes.slice();
    const start = bytes.byteOffset - excess;
    new Uint8Array(bytes.buffer).copyWithin(
      start,
      bytes.byteOffset,
      bytes.byteOffset + bytes.byteLength,
    );
    return new Uint8Array(bytes.buffer, start, bytes.byteLength);
  }
}
