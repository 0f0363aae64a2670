/** @file The cells that an input is cut into to hide it step by step, and what a map says of each. */
import { hasPlaces, type InputPart } from "../../graph/input-parts.ts";
import { placeOf, type PartPlace } from "../../graph/part-place.ts";
import { elementCount } from "../../graph/tensor.ts";
import { gridOf, placedPlane, placedVolume } from "../../image/placed-plane.ts";
import { plane } from "../../image/picture.ts";
import type { Volume } from "../../image/volume.ts";
import { randomStream } from "../../random.ts";
import type { Heatmap } from "../heatmap.ts";

/** Most cells along a side, by how many sides there are: about 200 in all, the same for maps of every resolution. */
const mostAlong: Readonly<Record<number, number>> = { 1: 196, 2: 14, 3: 6 };

/** A part of an input in cells. */
export interface Cells {
  readonly part: InputPart;
  readonly place: PartPlace;
  readonly count: number;
  /** The cell of each of the part's places, row-major over its sides, from 0. */
  readonly labels: Int32Array;
  /** Cells along each side. */
  readonly along: readonly number[];
}

/** Equal parts of each side of a part, at least one place each, for an input of shape [N, C, H, W]. */
export function cellsOf(part: InputPart, dims: readonly number[]): Cells {
  const place = placeOf(part, dims);
  const { sides } = place;
  const along = sides.map((side) => Math.min(side, mostAlong[sides.length] ?? 1));
  const labels = new Int32Array(elementCount(sides));
  for (let at = 0; at < labels.length; at++) {
    let [rest, label, times] = [at, 0, 1];
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      const side = sides[axis]!;
      label += Math.floor(((rest % side) * along[axis]!) / side) * times;
      times *= along[axis]!;
      rest = Math.floor(rest / side);
    }
    labels[at] = label;
  }
  return { part, place, count: elementCount(along), labels, along };
}

/**
 * One number a cell, [cells]: the mean of the map over it, of maps with channels of their sum; of slopes, whose sign
 * tells a direction and no weight, of their sizes. Maps of layers lie on the input as figures show them.
 */
export function cellNumbers(map: Heatmap, cells: Cells, areSlopes: boolean): Float64Array {
  const numbers = placedNumbers(map, cells, areSlopes);
  const [sums, counts] = [new Float64Array(cells.count), new Float64Array(cells.count)];
  for (const [at, cell] of cells.labels.entries()) {
    sums[cell]! += numbers[at]!;
    counts[cell]! += 1;
  }
  return sums.map((sum, cell) => sum / counts[cell]!);
}

/** The map at every place of the part, row-major over its sides. */
function placedNumbers(
  { data, dims, centres }: Heatmap,
  { part, place: { sides } }: Cells,
  areSlopes: boolean,
): ArrayLike<number> {
  const size = elementCount(sides);
  const own = areSlopes ? data.map(Math.abs) : data;
  const isOfPlaces = dims.slice(-sides.length).every((side, axis) => side === sides[axis]);
  if (isOfPlaces && data.length % size === 0) return summedChannels(own, size);
  if (part.kind === "volume") {
    const [depth, height, width] = dims.slice(-3) as unknown as Volume["dims"];
    const even = { x: gridOf(width), y: gridOf(height), z: gridOf(depth) };
    const volume = { dims: [depth, height, width] as const, data: own };
    return placedVolume(volume, centres ?? even, sides as unknown as Volume["dims"]).data;
  }
  if (sides.length === 1) {
    const row = plane(data.length, 1, own);
    const at = centres && { x: centres.x, y: [0.5] };
    return placedPlane(row, at, sides[0]!, 1).data;
  }
  const [height, width] = dims.slice(-2) as [number, number];
  return placedPlane(plane(width, height, own), centres, sides[1]!, sides[0]!).data;
}

function summedChannels(data: Float32Array, size: number): ArrayLike<number> {
  if (data.length === size) return data;
  const sums = new Float64Array(size);
  for (const [at, value] of data.entries()) sums[at % size]! += value;
  return sums;
}

/** Cells from the largest number to the smallest; the order of those that are equal is drawn, the same every time. */
export function orderBy(numbers: ArrayLike<number>): readonly number[] {
  const random = randomStream("hidden-cells", numbers.length);
  const drawn = Float64Array.from({ length: numbers.length }, () => random.uniform());
  return Array.from({ length: numbers.length }, (_, cell) => cell).toSorted(
    (a, b) => numbers[b]! - numbers[a]! || drawn[a]! - drawn[b]!,
  );
}

/** The share of cells that are as large as another one, so that their order is drawn. */
export function tiedShare(numbers: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  for (let cell = 0; cell < numbers.length; cell++) {
    counts.set(numbers[cell]!, (counts.get(numbers[cell]!) ?? 0) + 1);
  }
  const tied = [...counts.values()].reduce((sum, count) => (count > 1 ? sum + count : sum), 0);
  return tied / numbers.length;
}

/** Cells by how near they are to the middle, as a map that knows nothing of the input has it; undefined without places. */
export function nearnessToMiddle({ part, along, count }: Cells): Float64Array | undefined {
  if (!hasPlaces(part)) return undefined;
  return Float64Array.from({ length: count }, (_, cell) => {
    let [rest, square] = [cell, 0];
    for (let axis = along.length - 1; axis >= 0; axis--) {
      const side = along[axis]!;
      square += (((rest % side) + 0.5) / side - 0.5) ** 2;
      rest = Math.floor(rest / side);
    }
    return -square;
  });
}
