/** @file Where the bytes of weights lie, and how typed arrays are laid over them without a second copy. */
import { plainBytes } from "../../bytes.ts";
import type { ElementArrays, FileRegion } from "../../graph/tensor.ts";
import { badFile } from "./bad-file.ts";
import type { TensorProto } from "./onnx_pb.ts";

export interface WeightOptions {
  /**
   * The bytes are the decoder's to change: large weights that lie at odd addresses are moved a few
   * bytes to the left, over their own field headers, instead of being copied. Decode such bytes once.
   */
  readonly takeOver?: boolean;
  /** The file on disk that the bytes are; large weights remember their place in it. */
  readonly path?: string;
  /** The bytes of an external data file; asked for once a file. */
  readonly external?: (location: string) => Uint8Array;
}

/** Elements as they lie in memory. */
export interface RawBytes {
  readonly bytes: Uint8Array;
  /** True if they are a field of the model file, so that the header of the field lies before them. */
  readonly isField: boolean;
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

/** The weights of one model file and of the data files beside it. */
export class WeightBytes {
  readonly #file: Uint8Array;
  readonly #options: WeightOptions;
  readonly #dataFiles = new Map<string, Uint8Array>();

  constructor(file: Uint8Array, options: WeightOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** A typed array over the bytes, and where the same bytes lie on disk if that is worth knowing. */
  place(
    raw: RawBytes,
    Type: ArrayType,
    count: number,
  ): { data: Exclude<ElementArrays[keyof ElementArrays], string[]>; file: FileRegion | undefined } {
    const file = this.#regionOf(raw);
    const aligned = this.#aligned(raw, Type.BYTES_PER_ELEMENT);
    return { data: new Type(aligned.buffer as ArrayBuffer, aligned.byteOffset, count), file };
  }

  /** The part of a data file that a tensor names. Throws `bad-file`. */
  external(proto: TensorProto): RawBytes {
    const entries = new Map(proto.externalData.map(({ key, value }) => [key, value]));
    const location = entries.get("location") ?? "";
    const file = this.#dataFile(location, proto.name);
    const offset = Number(entries.get("offset") ?? 0);
    const length = Number(entries.get("length") ?? file.byteLength - offset);
    const isInside = isCount(offset) && isCount(length) && offset + length <= file.byteLength;
    if (!isInside) {
      throw badFile(
        `tensor "${proto.name}" must lie inside the ${file.byteLength} bytes of "${location}", got ${length} bytes at ${offset}`,
        "check that the download is complete",
      );
    }
    return { bytes: file.subarray(offset, offset + length), isField: false };
  }

  #dataFile(location: string, name: string): Uint8Array {
    const file = this.#dataFiles.get(location) ?? this.#options.external?.(location);
    if (!file) {
      throw badFile(
        `tensor "${name}" must find its data file "${location}", got none`,
        "give the data file with the model",
      );
    }
    const bytes = plainBytes(file);
    this.#dataFiles.set(location, bytes);
    return bytes;
  }

  #regionOf({ bytes, isField }: RawBytes): FileRegion | undefined {
    const { path } = this.#options;
    if (!isField || path === undefined || bytes.byteLength < movableBytes) return undefined;
    return { path, offsetBytes: bytes.byteOffset - this.#file.byteOffset };
  }

  /** The bytes where a typed array may lie: themselves, moved in place, or copied. */
  #aligned({ bytes, isField }: RawBytes, elementBytes: number): Uint8Array {
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

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
