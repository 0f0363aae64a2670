/** @file Datasets: arrays of numbers or texts, read when somebody asks for them. */
import { plainBytes } from "../../bytes.ts";
import { elementCount, formatShape, type ElementType, type Tensor } from "../../graph/tensor.ts";
import { mappedIfLarge, staysOnDisk, tensorOnDisk } from "../on-disk.ts";
import { badHdf5, notRead } from "./bad-hdf5.ts";
import { layChunks } from "./chunks.ts";
import type { Cursor } from "./cursor.ts";
import { readDataspace } from "./dataspace.ts";
import { readDatatype, type Datatype } from "./datatype.ts";
import type { FileBytes } from "./file-bytes.ts";
import { readFilters } from "./filters.ts";
import type { GlobalHeap } from "./global-heap.ts";
import { readLayout, type Layout } from "./layout.ts";
import type { ObjectHeader } from "./object-header.ts";
import { numbersOf, valuesOf } from "./values.ts";

/** What the header of a dataset says. */
export interface DatasetHeader {
  /** For messages. */
  readonly path: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly datatype: Datatype;
  readonly layout: Layout;
  readonly filters: ReturnType<typeof readFilters>;
  /** An element that nobody wrote; zeros if there is none. */
  readonly fill: Uint8Array | undefined;
}

/**
 * Reads the header of a dataset; `told` is the value of its attribute `dtype`, by which Keras marks bfloat16. Throws
 * `bad-file`, by name for what is not read: data in other files, virtual datasets, unknown filters and types.
 */
export function readDatasetHeader(
  path: string,
  header: ObjectHeader,
  told: string | undefined,
): DatasetHeader {
  if (header.has("externalFiles")) throw notRead(`dataset "${path}" has its data in other files`);
  const datatype = numberType(readDatatype(header.required("datatype")), told);
  const dims = readDataspace(header.required("dataspace"));
  const filters = header.first("filters");
  if (datatype.kind === "opaque") {
    throw notRead(`the elements of dataset "${path}" are bytes of an own kind (opaque)`);
  }
  return {
    path,
    type: datatype.kind === "numbers" ? datatype.type : "string",
    dims,
    datatype,
    layout: readLayout(header.required("layout")),
    filters: filters ? readFilters(filters) : [],
    fill: fillValue(header, datatype.size),
  };
}

function numberType(datatype: Datatype, told: string | undefined): Datatype {
  if (told !== "bfloat16" || datatype.size !== 2 || datatype.kind === "text") return datatype;
  const isBigEndian = datatype.kind === "numbers" && datatype.isBigEndian;
  return { kind: "numbers", type: "bfloat16", size: 2, isBigEndian };
}

function fillValue(header: ObjectHeader, size: number): Uint8Array | undefined {
  const fields = header.first("fillValue");
  const bytes = fields ? newFillValue(fields) : oldFillValue(header.first("oldFillValue"));
  // Some writers say that it is there and of no bytes.
  if (!bytes || bytes.byteLength === 0 || bytes.every((byte) => byte === 0)) return undefined;
  if (bytes.byteLength === size) return bytes;
  throw badHdf5(`a fill value must be one element of ${size} bytes, got ${bytes.byteLength}`);
}

function oldFillValue(fields: Cursor | undefined): Uint8Array | undefined {
  return fields?.bytes(fields.u32());
}

function newFillValue(fields: Cursor): Uint8Array | undefined {
  const version = fields.version("a fill value", 1, 2, 3);
  if (version === 3) return fields.u8() & 0x20 ? oldFillValue(fields) : undefined;
  const isDefined = fields.skip(2).u8() !== 0;
  return version === 1 || isDefined ? oldFillValue(fields) : undefined;
}

/** Where contiguous data that somebody wrote lie in the file. Throws `bad-file` unless they lie in it. */
export function fileOffsetOf(file: FileBytes, header: DatasetHeader): number | undefined {
  const { layout } = header;
  if (layout.kind !== "contiguous" || layout.address === undefined) return undefined;
  return file.offsetOf(layout.address, bytesOf(header));
}

function bytesOf({ datatype, dims, path }: DatasetHeader): number {
  const bytes = elementCount(dims) * datatype.size;
  if (Number.isSafeInteger(bytes)) return bytes;
  throw badHdf5(`dataset "${path}" must be smaller, got ${formatShape(dims)}`);
}

/**
 * Reads a dataset. Numbers are not copied again; of a large file that can be mapped, many of them stay on
 * disk. Throws `bad-file`.
 */
export async function readDataset(
  file: FileBytes,
  heap: GlobalHeap,
  header: DatasetHeader,
): Promise<Tensor> {
  const { datatype, dims } = header;
  const offset = fileOffsetOf(file, header);
  if (datatype.kind !== "numbers") {
    return valuesOf(datatype, dims, await storedBytes(file, header, offset), file.sizes, heap);
  }
  const mapped = mappedIfLarge(file.source);
  const isPlain = !datatype.isBigEndian && staysOnDisk({ type: datatype.type, dims });
  const isThere = mapped && isPlain && offset !== undefined;
  if (isThere && (mapped.startBytes + offset) % datatype.size === 0) {
    return tensorOnDisk(datatype.type, dims, mapped, offset);
  }
  return numbersOf(datatype, dims, await storedBytes(file, header, offset));
}

/** The bytes of a dataset, which nobody else changes. */
async function storedBytes(
  file: FileBytes,
  header: DatasetHeader,
  offset: number | undefined,
): Promise<Uint8Array> {
  const { layout, path } = header;
  const bytes = bytesOf(header);
  if (offset !== undefined) {
    const found = plainBytes(await file.source.read(offset, bytes));
    if (found.byteLength === bytes) return found;
    throw badHdf5(`dataset "${path}" must have ${bytes} bytes, got ${found.byteLength}`);
  }
  if (layout.kind === "compact") {
    if (layout.bytes.byteLength >= bytes) return layout.bytes.slice(0, bytes);
    throw badHdf5(`dataset "${path}" must have ${bytes} bytes, got ${layout.bytes.byteLength}`);
  }
  file.expand(bytes);
  const whole = filled(bytes, header.fill);
  if (layout.kind === "chunked") {
    const { dims, datatype, filters } = header;
    await layChunks(file, { dims, elementBytes: datatype.size, layout, filters }, whole);
  }
  return whole;
}

function filled(bytes: number, fill: Uint8Array | undefined): Uint8Array {
  const whole = new Uint8Array(bytes);
  if (!fill) return whole;
  for (let from = 0; from < bytes; from += fill.byteLength) whole.set(fill, from);
  return whole;
}
