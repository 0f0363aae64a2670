/** @file Weights that lie in files beside the model: found among its messages, and read before the graph is. */
import { plainBytes } from "../../bytes.ts";
import { mappedIfLarge } from "../on-disk.ts";
import type { ByteSource } from "../source.ts";
import { badFile } from "./bad-file.ts";
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from "./onnx_pb.ts";
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
  const files = new Map<string, ByteSource | undefined>();
  const parts = new Map<string, RawBytes>();
  for (const proto of tensorsOf(model)) {
    if (proto.dataLocation !== externalLocation) continue;
    const { location } = entriesOf(proto);
    if (!files.has(location)) files.set(location, await source.beside(location));
    const file = files.get(location);
    if (!file || parts.has(keyOf(proto))) continue;
    parts.set(keyOf(proto), await readPart(file, placeOf(proto, file.size)));
  }
  return (proto) => {
    const part = parts.get(keyOf(proto));
    if (!part) throw withoutFile(proto);
    return part;
  };
}

async function readPart(file: ByteSource, { offset, length }: Place): Promise<RawBytes> {
  const mapped = mappedIfLarge(file);
  if (!mapped) return partOf(await file.read(offset, length));
  return {
    isField: false,
    byteLength: length,
    onDisk: { mapped, offsetBytes: offset },
    get bytes() {
      return mapped.readNow(offset, length);
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
  return {
    location: entries.get("location") ?? "",
    offset: entries.get("offset"),
    length: entries.get("length"),
  };
}

function keyOf(proto: TensorProto): string {
  return JSON.stringify(entriesOf(proto));
}

function placeOf(proto: TensorProto, size: number): Place {
  const entries = entriesOf(proto);
  const offset = Number(entries.offset ?? 0);
  const length = Number(entries.length ?? size - offset);
  if (isCount(offset) && isCount(length) && offset + length <= size) return { offset, length };
  throw badFile(
    `tensor "${proto.name}" must lie inside the ${size} bytes of "${entries.location}", got ${length} bytes at ${offset}`,
    "check that the download is complete",
  );
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
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
