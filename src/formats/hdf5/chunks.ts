/** @file Datasets in chunks, put together. */
import { elementCount } from "../../graph/tensor.ts";
import { badHdf5 } from "./bad-hdf5.ts";
import type { FileBytes } from "./file-bytes.ts";
import { unfiltered, type readFilters } from "./filters.ts";
import type { Layout } from "./layout.ts";
import { treeEntries } from "./tree-one.ts";

/** What is known of a dataset in chunks. */
export interface ChunkedData {
  readonly dims: readonly number[];
  readonly elementBytes: number;
  readonly layout: Extract<Layout, { kind: "chunked" }>;
  readonly filters: ReturnType<typeof readFilters>;
}

/** Bytes before the offsets of a chunk's key: its size, and which filters were left out. */
const keyHeadBytes = 8;

/** Bytes that take as long as going to the next row. */
const rowCost = 32;

/** Lays the chunks of a dataset into its bytes, row-major; what no chunk covers stays as it is. Throws `bad-file`. */
export async function layChunks(
  file: FileBytes,
  data: ChunkedData,
  into: Uint8Array,
): Promise<void> {
  const { dims, elementBytes, layout, filters } = data;
  const { chunk, tree } = layout;
  if (chunk.length !== dims.length || layout.elementBytes !== elementBytes) {
    throw badHdf5(
      `chunks must be of the dataset's shape, got ${chunk.length} axes for ${dims.length}, elements of ${layout.elementBytes} bytes for ${elementBytes}`,
    );
  }
  if (tree === undefined) return;
  const bytes = elementCount(chunk) * elementBytes;
  const keyBytes = keyHeadBytes + 8 * (dims.length + 1);
  for (const { key, child } of await treeEntries(file, tree, "chunks", keyBytes)) {
    const [size, leftOut] = [key.u32(), key.u32()];
    const start = dims.map(() => key.uint(8));
    if (start.some((at, axis) => at >= dims[axis]! || at % chunk[axis]! !== 0)) {
      throw badHdf5(`chunks must start inside their dataset, got one at ${start.join(", ")}`);
    }
    // Each filter makes the bytes anew, and a short row costs as much as one of some bytes.
    file.expand(bytes * (1 + filters.length) + rowCost * elementCount(chunk.slice(0, -1)));
    const stored = await file.read(child, size);
    lay({ bytes: unfiltered(stored, filters, leftOut, bytes), start, chunk }, data, into);
  }
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly start: readonly number[];
  readonly chunk: readonly number[];
}

/** Copies the rows of a chunk that lie in the dataset. */
function lay(
  { bytes, start, chunk }: Chunk,
  { dims, elementBytes }: ChunkedData,
  into: Uint8Array,
) {
  const last = dims.length - 1;
  const inside = chunk.map((size, axis) => Math.min(size, dims[axis]! - start[axis]!));
  const rowBytes = (inside[last] ?? 1) * elementBytes;
  const index = chunk.map(() => 0);
  const rows = elementCount(inside.slice(0, -1));
  for (let row = 0; row < rows; row++) {
    let [from, to] = [0, 0];
    for (let axis = 0; axis <= last; axis++) {
      from = from * chunk[axis]! + index[axis]!;
      to = to * dims[axis]! + start[axis]! + index[axis]!;
    }
    into.set(
      bytes.subarray(from * elementBytes, from * elementBytes + rowBytes),
      to * elementBytes,
    );
    for (let axis = last - 1; axis >= 0 && ++index[axis]! === inside[axis]; axis--) index[axis] = 0;
  }
}
