/** @file Weights that a model does not hold but refers to: on disk, or in memory. */
import type { Graph } from "../../graph/graph.ts";
import { sizeInBytes, type Tensor } from "../../graph/tensor.ts";

/** Folder of the first file that a large weight lies in; files of other folders are not referred to. */
export function weightFolder(graph: Graph, threshold: number): string | undefined {
  for (const value of graph.initializers.values()) {
    if (value.file && sizeInBytes(value) >= threshold) return splitPath(value.file.path).folder;
  }
  return undefined;
}

function splitPath(path: string): { folder: string; name: string } {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1;
  return { folder: path.slice(0, end), name: path.slice(end) };
}

/** Says where large weights lie, in a file or in memory. */
export class ExternalWeights {
  readonly #threshold: number;
  readonly #folder: string | undefined;
  readonly #name: string;
  readonly #paths = new Map<ArrayBufferLike, string>();

  constructor(threshold: number, folder: string | undefined, name = "weights") {
    this.#name = name;
    this.#threshold = threshold;
    this.#folder = folder;
  }

  /** Where a tensor's bytes lie, or undefined if they should be written inline. */
  locate(value: Tensor): { key: string; value: string }[] | undefined {
    const sizeBytes = sizeInBytes(value);
    if (sizeBytes < this.#threshold || sizeBytes === 0) return undefined;
    const place =
      this.#folder === undefined ? this.#placeInMemory(value) : this.#placeInFile(value);
    return (
      place && [
        { key: "location", value: place.location },
        { key: "offset", value: String(place.offset) },
        { key: "length", value: String(sizeBytes) },
      ]
    );
  }

  #placeInMemory(value: Tensor): { location: string; offset: number } {
    const { buffer, byteOffset } = value.data as Float32Array;
    const location = this.#paths.get(buffer) ?? `${this.#name}-${this.#paths.size}`;
    this.#paths.set(buffer, location);
    return { location, offset: byteOffset };
  }

  #placeInFile({ file }: Tensor): { location: string; offset: number } | undefined {
    if (!file) return undefined;
    const { folder, name } = splitPath(file.path);
    return folder === this.#folder ? { location: name, offset: file.offsetBytes } : undefined;
  }

  /** The memory that was referred to, one entry a buffer. */
  entries(): { path: string; data: Uint8Array }[] {
    return [...this.#paths].map(([buffer, path]) => ({ path, data: new Uint8Array(buffer) }));
  }
}
