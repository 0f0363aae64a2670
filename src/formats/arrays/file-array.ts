/** @file Numbers with axes as files of science have them, whatever their format. */
import { LimpidError } from "../../errors.ts";

/** What an axis of a file stands for: channels (bands, moments), depth (slices), height (rows), width (columns). */
export type FileAxis = "C" | "D" | "H" | "W";

/** How a volume lies in the body or in the world. */
export interface VolumePlace {
  /** Size of a voxel along depth, height and width, in `unit`. */
  readonly spacing: readonly [number, number, number];
  /** "mm" more often than not; "" where the file does not say. */
  readonly unit: string;
  /**
   * Where depth, height and width grow to, a letter each: Right, Left, Anterior, Posterior, Superior, Inferior;
   * undefined where the file does not say.
   */
  readonly towards?: readonly [string, string, string];
}

/** The array of a file, brought to float32. */
export interface FileArray {
  /** Outermost first; the last one is contiguous. */
  readonly dims: readonly number[];
  readonly data: Float32Array;
  /** One an axis; undefined where the file does not say, as .npy does not. */
  readonly axes?: readonly FileAxis[];
  /** The number that stands for places where nothing was measured. */
  readonly nodata?: number;
  readonly place?: VolumePlace;
  /** What was assumed of the file, a sentence each. */
  readonly notes: readonly string[];
}

/** More numbers than this do not fit the memory beside a network: 512 MiB. */
const mostNumbers = 2 ** 27;

/** Throws `bad-file` where an array would not fit the memory. */
export function requireNumbers(name: string, dims: readonly number[]): number {
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (count <= mostNumbers) return count;
  throw new LimpidError(
    "bad-file",
    `read: "${name}" must hold at most ${Math.round(mostNumbers / 1e6)} million numbers, got ${dims.join(" x ")}. cut it first.`,
  );
}
