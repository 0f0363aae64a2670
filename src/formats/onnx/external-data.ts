/** @file Weights that lie in files beside the model, read before its graph is. */
import { plainBytes } from "../../bytes.ts";
import { mappedIfLarge } from "../on-disk.ts";
import { readNow, type ByteSource } from "../source.ts";
import { badFile } from "./bad-file.ts";
import { externalEntries, withoutFile, type ExternalData } from "./external-tensors.ts";
import type { TensorProto } from "./messages.ts";
import type { RawBytes } from "./weight-bytes.ts";

/** External data that is in memory; `fileOf` is asked once a file. */
export function externalInMemory(
  fileOf: (location: string) => Uint8Array | undefined = () => undefined,
): ExternalData {
  const files = new Map<string, Uint8Array>();
  return (proto) => {
    const { location } = externalEntries(proto);
    const given = files.get(location) ?? fileOf(location);
    if (!given) throw withoutFile(proto);
    const file = plainBytes(given);
    files.set(location, file);
    const { offset, length } = placeOf(proto, file.byteLength);
    return partOf(file.subarray(offset, offset + length));
  };
}

/**
 * The parts of files beside `source` that `externalTensors` name, and nothing else of these files. Those of large
 * files that can be mapped stay where they are. What is missing is refused when a tensor of the graph needs it.
 */
export async function readExternalData(
  tensors: readonly TensorProto[],
  source: ByteSource,
): Promise<ExternalData> {
  const files = new Map<string, DataFile | undefined>();
  for (const proto of tensors) {
    const { location } = externalEntries(proto);
    if (!files.has(location)) {
      const file = await source.beside(location);
      files.set(location, file && new DataFile(location, file));
    }
    await files.get(location)?.read(proto);
  }
  return (proto) => {
    const file = files.get(externalEntries(proto).location);
    if (!file) throw withoutFile(proto);
    return file.part(proto);
  };
}

/** A file beside a model, of which each part is read once, whatever number of tensors name it. */
class DataFile {
  readonly #location: string;
  readonly #file: ByteSource;
  readonly #parts = new Map<string, RawBytes>();
  #named = 0;

  constructor(location: string, file: ByteSource) {
    this.#location = location;
    this.#file = file;
  }

  /** Throws `bad-file` for a part that is not there, and for parts that together are more than the file. */
  async read(proto: TensorProto): Promise<void> {
    const place = placeOf(proto, this.#file.size);
    if (this.#parts.has(keyOf(place))) return;
    this.#named += place.length;
    if (this.#named > this.#file.size) {
      throw badFile(
        `tensors must lie side by side in the ${this.#file.size} bytes of "${this.#location}", got parts that overlap from "${proto.name}" on`,
      );
    }
    this.#parts.set(keyOf(place), await readPart(this.#file, place));
  }

  part(proto: TensorProto): RawBytes {
    return this.#parts.get(keyOf(placeOf(proto, this.#file.size)))!;
  }
}

function keyOf({ offset, length }: Place): string {
  return `${offset} ${length}`;
}

async function readPart(file: ByteSource, { offset, length }: Place): Promise<RawBytes> {
  const mapped = mappedIfLarge(file);
  if (!mapped) return partOf(await file.read(offset, length));
  let known: Uint8Array | undefined;
  return {
    isField: false,
    byteLength: length,
    onDisk: { mapped, offsetBytes: offset },
    get bytes() {
      known ??= readNow(mapped, offset, length);
      return known;
    },
  };
}

function partOf(bytes: Uint8Array): RawBytes {
  return { bytes, byteLength: bytes.byteLength, isField: false };
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

function placeOf(proto: TensorProto, size: number): Place {
  const entries = externalEntries(proto);
  const offset = countIn(entries.offset ?? "0");
  const length = entries.length === undefined ? size - (offset ?? 0) : countIn(entries.length);
  const isInside = offset !== undefined && length !== undefined && offset + length <= size;
  if (isInside && length >= 0) return { offset, length };
  throw badFile(
    `tensor "${proto.name}" must lie inside the ${size} bytes of "${entries.location}", got ${shown(entries.length ?? "the")} bytes at ${shown(entries.offset ?? "0")}`,
    "check that the download is complete",
  );
}

function shown(text: string): string {
  return text.slice(0, 40);
}

/** Undefined for what is no number of bytes. */
function countIn(text: string): number | undefined {
  const count = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(count) ? count : undefined;
}
