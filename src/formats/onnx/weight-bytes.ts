/** @file Where the bytes of weights lie, and how typed arrays are laid over them without a second copy. */
import type { ElementArrays, FileRegion } from "../../graph/tensor.ts";
import type { MappedFile } from "../source.ts";

export interface WeightOptions {
  /**
   * The bytes are the decoder's to change: large weights that lie at odd addresses are moved a few
   * bytes to the left, over their own field headers, instead of being copied. Decode such bytes once.
   */
  readonly takeOver?: boolean;
  /** Where the bytes lie on disk; large weights remember their place there. */
  readonly region?: FileRegion;
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
  readonly #file: Uint8Array;
  readonly #options: WeightOptions;

  constructor(file: Uint8Array, options: WeightOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** A typed array over the bytes, and where the same bytes lie on disk if that is worth knowing. */
  place(
    { bytes, isField }: RawBytes,
    Type: ArrayType,
    count: number,
  ): { data: Exclude<ElementArrays[keyof ElementArrays], string[]>; file: FileRegion | undefined } {
    const file = isField ? this.#regionOf(bytes) : undefined;
    const aligned = this.#aligned(bytes, isField, Type.BYTES_PER_ELEMENT);
    return { data: new Type(aligned.buffer as ArrayBuffer, aligned.byteOffset, count), file };
  }

  #regionOf(bytes: Uint8Array): FileRegion | undefined {
    const { region } = this.#options;
    if (!region || bytes.byteLength < movableBytes) return undefined;
    const within = bytes.byteOffset - this.#file.byteOffset;
    return { path: region.path, offsetBytes: region.offsetBytes + within };
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
