/** @file Models as TensorFlow.js and its converter write them: model.json and files of weights, in memory. */
import { gzipSync } from "fflate";
import { memorySource, type ByteSource } from "../../src/formats/source.ts";

/** A weight that is saved. */
export interface SavedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32" | "bool" | "string";
  readonly values: readonly number[] | readonly string[];
}

/** How weights are written. */
export interface SaveOptions {
  /** Bytes of each file; all in one without it. */
  readonly shardBytes?: number;
  /** Weights of each group; all in one without it. */
  readonly groupSize?: number;
  readonly quantize?: "uint8" | "uint16" | "float16";
  /** Packed by gzip without saying so. */
  readonly packed?: "model" | "weights" | "all";
  /** What else stands in model.json. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** An entry of the manifest, and the bytes behind it. */
export interface WrittenWeight {
  readonly entry: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
}

/** The files of a model by their paths. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A model's files, as the converter names them. */
export function savedFiles(
  modelTopology: unknown,
  weights: readonly SavedWeight[],
  options: SaveOptions = {},
): Files {
  const { groupSize = Math.max(weights.length, 1), shardBytes, quantize, packed, more } = options;
  const files = new Map<string, Uint8Array>();
  const weightsManifest: unknown[] = [];
  for (let start = 0; start < weights.length; start += groupSize) {
    const written = weights.slice(start, start + groupSize).map((each) => write(each, quantize));
    const shards = cutUp(joined(written.map(({ bytes }) => bytes)), shardBytes);
    const group = weightsManifest.length + 1;
    const paths = shards.map((bytes, i) => {
      const path = `group${group}-shard${i + 1}of${shards.length}.bin`;
      files.set(path, packed === "weights" || packed === "all" ? gzipSync(bytes) : bytes);
      return path;
    });
    weightsManifest.push({ paths, weights: written.map(({ entry }) => entry) });
  }
  const json = new TextEncoder().encode(
    JSON.stringify({ modelTopology, weightsManifest, ...more }),
  );
  files.set("model.json", packed === "model" || packed === "all" ? gzipSync(json) : json);
  return files;
}

/** The source of a model.json whose parts lie beside it in memory. */
export function sourceOf(files: Files, path = "model.json"): ByteSource {
  const beside = async (location: string) => {
    const bytes = files.get(location.replace(/^\.\//, ""));
    return bytes && memorySource(location, bytes, beside);
  };
  return memorySource(path, files.get(path)!, beside);
}

/** A weight as the converter writes it: texts and bits are never quantised, whole numbers never as halves. */
export function write(weight: SavedWeight, quantize?: SaveOptions["quantize"]): WrittenWeight {
  const { name, shape, dtype, values } = weight;
  const plain = { name, shape, dtype };
  if (dtype === "string") return { entry: plain, bytes: textBytes(values as readonly string[]) };
  const numbers = values as readonly number[];
  if (dtype === "bool") return { entry: plain, bytes: Uint8Array.from(numbers) };
  if (quantize === undefined || (quantize === "float16" && dtype === "int32")) {
    const own = dtype === "int32" ? Int32Array.from(numbers) : Float32Array.from(numbers);
    return { entry: plain, bytes: bytesOf(own) };
  }
  if (quantize === "float16") {
    const quantization = { dtype: "float16", original_dtype: dtype };
    return {
      entry: { ...plain, quantization },
      bytes: bytesOf(Uint16Array.from(numbers, halfBits)),
    };
  }
  const { scale, min, most } = affineRange(numbers, quantize);
  const steps = numbers.map((x) => Math.min(Math.max(Math.round((x - min) / scale), 0), most));
  const quantization = { dtype: quantize, scale, min, original_dtype: dtype };
  const stored = quantize === "uint8" ? Uint8Array.from(steps) : Uint16Array.from(steps);
  return { entry: { ...plain, quantization }, bytes: bytesOf(stored) };
}

/** The converter's: a range that holds 0 is moved so that 0 is stored exactly. */
function affineRange(numbers: readonly number[], dtype: "uint8" | "uint16") {
  const most = dtype === "uint8" ? 255 : 65_535;
  const [least, greatest] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbers.length === 0 || least === greatest) {
    return { scale: 1, min: numbers[0] ?? 0, most };
  }
  const scale = (greatest - least) / most;
  const isAround = least <= 0 && greatest >= 0;
  const min = isAround ? -Math.round(-least / scale) * scale : least;
  return { scale, min, most };
}

/** Bits of IEEE 754 halves, rounded to the nearest. */
function halfBits(value: number): number {
  const sign = Object.is(value, -0) || value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === 0) return sign;
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const steps = Math.round(size / 2 ** (exponent - 10));
  return sign + ((exponent + 14) << 10) + steps;
}

function textBytes(texts: readonly string[]): Uint8Array {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  return joined(encoded.flatMap((text) => [bytesOf(Uint32Array.of(text.length)), text]));
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function cutUp(bytes: Uint8Array, shardBytes = Math.max(bytes.length, 1)): readonly Uint8Array[] {
  const count = Math.max(Math.ceil(bytes.length / shardBytes), 1);
  return Array.from({ length: count }, (_, i) => bytes.slice(i * shardBytes, (i + 1) * shardBytes));
}
