/** @file Weights that lie in files beside the model: found among its messages, and read before the graph is. */
import { plainBytes } from "../../bytes.ts";
import { mappedIfLarge } from "../on-disk.ts";
import { readNow, type ByteSource } from "../source.ts";
import { badFile } from "./bad-file.ts";
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from "./messages.ts";
import type { ModelWithGraph } from "./parse.ts";
import type { RawBytes } from "./weight-bytes.ts";

/** Gives what a tensor names. Throws `bad-file`. */
export type ExternalData = (proto: TensorProto) => RawBytes;

/** External data that is in memory; `fileOf` is asked once a file. */
export function externalInMemory(
  fileOf: (location: string) => Uint8Array | undefined = () => undefined,
): ExternalData {
  const files = new Map<string, Uint8Array>();
  return (proto) => {
    const { location } = entriesOf(proto);
    const given = files.get(location) ?? fileOf(location);
    if (!given) throw withoutFile(proto);
    const file = plainBytes(given);
    files.set(location, file);
    const { offset, length } = placeOf(proto, file.byteLength);
    return partOf(file.subarray(offset, offset + length));
  };
}

/**
 * The parts of files beside `source` that the model's tensors name, and nothing else of these files. Those of large
 * files that can be mapped stay where they are. What is missing is refused when a tensor of the graph needs it.
 */
export async function readExternalData(
  model: ModelWithGraph,
  source: ByteSource,
): Promise<ExternalData> {
  const files = new Map<string, DataFile | undefined>();
  for (const proto of tensorsOf(model)) {
    if (proto.dataLocation !== externalLocation) continue;
    const { location } = entriesOf(proto);
    if (!files.has(location)) {
      const file = await source.beside(location);
      files.set(location, file && new DataFile(location, file));
    }
    await files.get(location)?.read(proto);
  }
  return (proto) => {
    const file = files.get(entriesOf(proto).location);
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

/** What ONNX calls the place of data that is not in the model. */
export const externalLocation = 1;

interface Place {
  readonly offset: number;
  readonly length: number;
}

function entriesOf(proto: TensorProto): {
  readonly location: string;
  readonly offset: string | undefined;
  readonly length: string | undefined;
} {
  const entries = new Map(proto.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get("location");
  if (location === undefined || location === "") {
    throw badFile(`tensor "${proto.name}" must name its data file, got none`);
  }
  return {
    location,
    offset: entries.get("offset"),
    length: entries.get("length"),
  };
}

function placeOf(proto: TensorProto, size: number): Place {
  const entries = entriesOf(proto);
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

function withoutFile(proto: TensorProto): Error {
  return badFile(
    `tensor "${proto.name}" must find its data file "${entriesOf(proto).location}", got none`,
    "give the data file with the model",
  );
}

/** Every tensor of a model, those of its functions and of graphs inside it too. */
function tensorsOf({ graph, functions }: ModelWithGraph): TensorProto[] {
  return [...tensorsOfGraph(graph), ...functions.flatMap(({ node }) => tensorsOfNodes(node))];
}

function tensorsOfGraph(graph: GraphProto): TensorProto[] {
  const sparse = graph.sparseInitializer.flatMap(({ values, indices }) => [values, indices]);
  return [
    ...graph.initializer,
    ...sparse.filter((proto) => proto !== undefined),
    ...tensorsOfNodes(graph.node),
  ];
}

function tensorsOfNodes(nodes: readonly NodeProto[]): TensorProto[] {
  return nodes.flatMap(({ attribute }) => attribute.flatMap(tensorsOfAttribute));
}

function tensorsOfAttribute({ t, g, sparseTensor }: AttributeProto): TensorProto[] {
  const own = [t, sparseTensor?.values, sparseTensor?.indices];
  return [...own.filter((proto) => proto !== undefined), ...(g ? tensorsOfGraph(g) : [])];
}
