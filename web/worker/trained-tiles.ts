/** @file Channels of a network that learns as tiles, and the moments of its past that are shown of one. */
import { toFloat32, type Tensor } from "../../src/graph/tensor.ts";
import { colorize, scaleFor } from "../../src/image/colormap.ts";
import { plane, type Plane } from "../../src/image/picture.ts";
import type { ShownOf, TrainedTile } from "../training-protocol.ts";
import { pixelsOf } from "./pixels.ts";

/** More would be too small to be seen side by side. */
const mostMoments = 9;

/** Planes [count, ..., height, width] of a tensor. */
export function planesOf(value: Tensor): readonly Plane[] {
  const all = toFloat32(value);
  const [height, width] = value.dims.slice(-2) as [number, number];
  const size = height * width;
  return Array.from({ length: all.length / size }, (_, i) =>
    plane(width, height, all.slice(i * size, (i + 1) * size)),
  );
}

/** A tile for each plane, all in one scale; weights have a sign, what a layer says has none. */
export function tilesOf(planes: readonly Plane[], of: ShownOf): readonly TrainedTile[] {
  const all = Float32Array.from(planes.flatMap(({ data }) => [...data]));
  const scale = scaleFor(all, { signed: of === "kernels" });
  return planes.map((map) => ({
    picture: pixelsOf(colorize(map, scale)),
    largest: map.data.reduce((most, n) => (Math.abs(n) > Math.abs(most) ? n : most), 0),
  }));
}

/** Numbers of moments: of the ends of epochs and the last so many as can be seen, evenly, the first and the last among them. */
export function pastMoments(epochs: readonly number[]): readonly number[] {
  const last = epochs.length - 1;
  const ends = [...epochs.keys()].filter((i) => i === last || Number.isInteger(epochs[i]));
  const count = Math.min(ends.length, mostMoments);
  const at = (i: number) => ends[Math.round((i * (ends.length - 1)) / Math.max(count - 1, 1))]!;
  return Array.from({ length: count }, (_, i) => at(i));
}
