/** @file Where the bytes of a model come from: a file on disk, a part of a page's upload, memory. */
import { plainBytes } from "../bytes.ts";
import { LimpidError } from "../errors.ts";
import { joinPath } from "../wording/paths.ts";

/** A file, read piece by piece, and the files beside it. */
export interface ByteSource {
  /** What messages call it: a path, or a file's name. */
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /**
   * `length` bytes from `offset` on, fewer where the file ends, in a buffer of their own that nothing else refers
   * to. Throws `bad-file`.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * The file that a model names as holding a part of it, by its path from the model's folder with `/`; undefined
   * if there is none. Throws `bad-file` for one that must not be read.
   */
  beside(location: string): Promise<ByteSource | undefined>;
  /** Throws `bad-file` unless the bytes are those that the archive around them says; where there is none, they are. */
  verify?(): Promise<void>;
  /** Set where a runtime may map the file itself, so that weights need not be in memory. */
  readonly mapped?: MappedFile;
}

/** A file on disk that does not change while it is used, or a part of one. */
export interface MappedFile {
  /** The file itself, behind links. */
  readonly path: string;
  /** Where the source begins in it. */
  readonly startBytes: number;
  /** Fills `bytes` with what lies from `offset` on, at once. Throws `bad-file` where the file ends before. */
  readInto(bytes: Uint8Array, offset: number): void;
}

/** `length` bytes of a file from `offset` on, in a buffer of their own. Throws as `readInto`. */
export function readNow(
  mapped: MappedFile,
  offset: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  mapped.readInto(bytes, offset);
  return bytes;
}

/** Throws `bad-file` for a location that leaves the model's folder. */
export function requireInside(location: string): void {
  const path = joinPath(location.replaceAll("\\", "/"));
  if (!/^(\/|\.\.(\/|$)|[A-Za-z]:)/.test(path)) return;
  throw new LimpidError(
    "bad-file",
    `external data: "${location}" must lie in the model's folder, got another place.`,
  );
}

/** Bytes in memory, which are copied as they are read; `beside` knows the other parts of the model, if there are any. */
export function memorySource(
  name: string,
  bytes: Uint8Array,
  beside: ByteSource["beside"] = async () => undefined,
): ByteSource {
  const plain = plainBytes(bytes);
  return {
    name,
    size: plain.byteLength,
    read: async (offset, length) => plain.slice(offset, offset + length),
    beside,
  };
}
