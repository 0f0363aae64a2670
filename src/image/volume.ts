/** @file Volumes of numbers, the slices through them, and how they look as pictures. */
import { plane, type Plane } from "./picture.ts";

/** One number a voxel, [depth, height, width], row by row. */
export interface Volume {
  readonly dims: readonly [depth: number, height: number, width: number];
  readonly data: Float32Array;
}

/** Axis of a volume: 0 depth, 1 height, 2 width. */
export type VolumeAxis = 0 | 1 | 2;

/** The two axes that a slice across an axis has, down and to the right. */
export const slicedAxes = [
  [1, 2],
  [0, 2],
  [0, 1],
] as const satisfies readonly (readonly [VolumeAxis, VolumeAxis])[];

/**
 * The slice across an axis at a place from 0 to its size less 1; between two voxels it is mixed of both. Beyond the ends it
 * is the outermost one.
 */
export function sliceAcross({ dims, data }: Volume, axis: VolumeAxis, at: number): Plane {
  const [down, right] = slicedAxes[axis];
  const steps = [dims[1] * dims[2], dims[2], 1] as const;
  const place = Math.min(Math.max(at, 0), dims[axis] - 1);
  const before = Math.floor(place);
  const behind = Math.min(before + 1, dims[axis] - 1);
  const farther = place - before;
  const slice = new Float32Array(dims[down] * dims[right]);
  let to = 0;
  for (let y = 0; y < dims[down]; y++) {
    for (let x = 0; x < dims[right]; x++) {
      const from = y * steps[down] + x * steps[right];
      const first = data[from + before * steps[axis]]!;
      // A slice of its own is not mixed with what is infinite beside it.
      slice[to++] =
        farther === 0
          ? first
          : first * (1 - farther) + data[from + behind * steps[axis]]! * farther;
    }
  }
  return plane(dims[right], dims[down], slice);
}

/** Where the middle of a voxel of one volume lies in another of the same extent: 0 is the middle of its first voxel. */
export function placeIn(at: number, from: number, to: number): number {
  return ((at + 0.5) / from) * to - 0.5;
}

/** At each voxel the number of the channel that is farthest from 0, of [channels, depth, height, width]. */
export function farthestOfChannels(data: Float32Array, dims: Volume["dims"]): Volume {
  const size = dims[0] * dims[1] * dims[2];
  if (data.length === size) return { dims, data };
  const merged = new Float32Array(size);
  for (let i = 0; i < data.length; i++) {
    const at = i % size;
    if (!(Math.abs(data[i]!) <= Math.abs(merged[at]!))) merged[at] = data[i]!;
  }
  return { dims, data: merged };
}

/** A voxel that a map is seen through. */
export interface Peak {
  readonly at: readonly [number, number, number];
  readonly kind: "maximum" | "minimum";
}

/**
 * The first voxel with the largest number, or with the smallest where nothing is positive; undefined of a volume that is
 * the same everywhere. NaN is passed over.
 */
export function peakOf({ dims, data }: Volume): Peak | undefined {
  let [most, least] = [-1, -1];
  for (const [i, value] of data.entries()) {
    if (Number.isNaN(value)) continue;
    if (most < 0 || value > data[most]!) most = i;
    if (least < 0 || value < data[least]!) least = i;
  }
  if (most < 0 || data[most] === data[least]) return undefined;
  const kind = data[most]! > 0 ? "maximum" : "minimum";
  const at = kind === "maximum" ? most : least;
  const plain = dims[1] * dims[2];
  return { at: [Math.floor(at / plain), Math.floor((at % plain) / dims[2]), at % dims[2]], kind };
}
