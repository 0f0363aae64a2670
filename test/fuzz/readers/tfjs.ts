/** @file Readers of TensorFlow.js models: model.json with weights of the size that it asks for, weights, what makers say. */
import { expandGzip } from "../../../src/formats/gzip.ts";
import { openGraph } from "../../../src/formats/index.ts";
import { memorySource, type ByteSource } from "../../../src/formats/source.ts";
import { groupsOf } from "../../../src/formats/tfjs/manifest.ts";
import { openWeights } from "../../../src/formats/tfjs/weights.ts";
import { layersOf } from "../../../src/network/layers.ts";
import { readJson } from "../../../src/wording/read-json.ts";
import { bytesOf, corpusOf, textOf } from "../corpus.ts";
import { mutateGzip } from "../mutations/headers.ts";
import { mutateJson } from "../mutations/json.ts";
import { mutateBytes } from "../mutations/bytes.ts";
import { joined, type Mutation } from "../mutations/draw.ts";
import type { Reader } from "../reader.ts";

/** What a manifest may ask for that is made for it. */
const mostMadeBytes = 2 ** 20;

const sizes: Readonly<Record<string, number>> = { uint8: 1, bool: 1, uint16: 2, float16: 2 };

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}

/** A model.json of the corpus, with the whole numbers that its weights hold. */
interface Model {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly Entry[];
  }[];
  readonly ints?: Readonly<Record<string, readonly number[]>>;
}

/** Files as a stranger would put them there: of the sizes that a manifest asks for, each group's all in its first. */
function shardsFor(text: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const read = readJson(text);
  if ("fault" in read) return files;
  try {
    const { weightsManifest, ints = {} } = read.value as Model;
    for (const { paths, weights } of weightsManifest) {
      const made = weights.map((entry) => weightFor(entry, ints));
      for (const [i, path] of paths.entries()) {
        files.set(path, i === 0 ? joined(...made) : new Uint8Array());
      }
    }
  } catch {
    // Whatever is no manifest has the files that were made so far.
  }
  return files;
}

function weightFor(
  { name, shape, dtype, quantization }: Entry,
  ints: NonNullable<Model["ints"]>,
): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const whole = ints[name];
  if (whole?.length === count) return new Uint8Array(Int32Array.from(whole).buffer);
  const length = count * (sizes[quantization?.dtype ?? dtype] ?? 4);
  return smallFloats(length >= 0 && length <= mostMadeBytes ? length : 0);
}

/** Bytes that are numbers near 0 in every type. */
function smallFloats(length: number): Uint8Array {
  const floats = Float32Array.from({ length: Math.ceil(length / 4) }, (_, i) => Math.sin(i) / 4);
  return new Uint8Array(floats.buffer, 0, length);
}

function sourceOf(bytes: Uint8Array): ByteSource {
  const files = shardsFor(plainText(bytes));
  const beside = async (location: string) => {
    const file = files.get(location);
    return file && memorySource(location, file);
  };
  return memorySource("model.json", bytes, beside);
}

/** The text of a file that may be packed; none of a broken one. */
function plainText(bytes: Uint8Array): string {
  try {
    return textOf(isPacked(bytes) ? expandGzip(bytes, mostMadeBytes) : bytes);
  } catch {
    return "";
  }
}

const isPacked = (bytes: Uint8Array) => bytes[0] === 0x1f;

const mutateModel: Mutation = (bytes, draw) =>
  (isPacked(bytes) ? mutateGzip(mutateJson) : mutateJson)(bytes, draw);

const manifest = [
  {
    paths: ["a", "b"],
    weights: [
      { name: "f", shape: [2, 3], dtype: "float32" },
      { name: "i", shape: [4], dtype: "int32" },
      {
        name: "q",
        shape: [3],
        dtype: "float32",
        quantization: { dtype: "uint8", scale: 0.5, min: -1 },
      },
      { name: "h", shape: [2], dtype: "float32", quantization: { dtype: "float16" } },
      { name: "s", shape: [2], dtype: "string" },
      { name: "z", shape: [2], dtype: "complex64" },
      { name: "b", shape: [1], dtype: "bool" },
    ],
  },
];

/** The bytes of the manifest's weights, the texts being "a" and "". */
function manifestBytes(): Uint8Array {
  const text = [1, 0, 0, 0, 97, 0, 0, 0, 0];
  return Uint8Array.from([
    ...smallFloats(40),
    0,
    1,
    2,
    0,
    60,
    0,
    60,
    ...text,
    ...smallFloats(16),
    1,
  ]);
}

export const tfjsReaders: readonly Reader[] = [
  {
    name: "tfjs-model",
    share: 25,
    seeds: () => corpusOf("tfjs"),
    mutate: mutateModel,
    read: async (bytes) => {
      const graph = await openGraph(sourceOf(bytes));
      layersOf(graph);
      return true;
    },
  },
  {
    name: "tfjs-manifest",
    share: 6,
    seeds: () => [bytesOf(JSON.stringify(manifest))],
    mutate: mutateJson,
    read: async (bytes) => {
      const read = readJson(textOf(bytes));
      if ("fault" in read) return false;
      return readWeights(read.value, manifestBytes());
    },
  },
  {
    name: "tfjs-weights",
    share: 4,
    seeds: () => [manifestBytes()],
    mutate: mutateBytes,
    read: (bytes) => readWeights(manifest, bytes),
  },
];

/** Reads all weights, of files that are cut in the middle. */
async function readWeights(told: unknown, bytes: Uint8Array): Promise<boolean> {
  const middle = bytes.length >> 1;
  const files = new Map([
    ["a", bytes.subarray(0, middle)],
    ["b", bytes.subarray(middle)],
  ]);
  const beside = async (location: string) => {
    const file = files.get(location);
    return file && memorySource(location, file);
  };
  const model = memorySource("model.json", new Uint8Array(), beside);
  const weights = await openWeights(groupsOf(told), model);
  for (const { isComplex, read } of weights) if (!isComplex) await read();
  return weights.length > 0;
}
