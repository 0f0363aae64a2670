/**
 * @file Places in the plane at which near rows stay near: UMAP (McInnes, Healy and Melville 2018, arXiv 1802.03426). Neighbours
 * are found before and exactly; the rest is umap-js, whose drawing is seeded.
 */
import { UMAP } from "umap-js";
import { throwIfAborted, type StopSignal } from "../../errors.ts";
import type { RandomStream } from "../../random.ts";
import type { Neighbours } from "./nearest-rows.ts";

export interface UmapOptions {
  readonly random: RandomStream;
  /** How close places may be, where the typical distance of neighbours is 1. */
  readonly closest: number;
  readonly signal?: StopSignal;
  /** Told how much is done, 0..1. */
  onShare?(share: number): void;
}

/**
 * Places [count, 2] of rows, of which more than `each` must be there. Same neighbours and random numbers give the same places.
 * Throws `aborted`.
 */
export function umapPlaces(neighbours: Neighbours, options: UmapOptions): Float64Array {
  const { count, each, numbers, cosines } = neighbours;
  const { random, closest, signal, onShare } = options;
  const rows = Array.from({ length: count }, (_, i) => i);
  const ofRow = <T>(i: number, own: T, valueOf: (at: number) => T) => [
    own,
    ...Array.from({ length: each }, (_, j) => valueOf(i * each + j)),
  ];
  const umap = new UMAP({
    nNeighbors: each + 1,
    minDist: closest,
    random: () => random.uniform(),
  });
  // A row is its own first neighbour there.
  umap.setPrecomputedKNN(
    rows.map((i) => ofRow(i, i, (at) => numbers[at]!)),
    rows.map((i) => ofRow(i, 0, (at) => Math.max(1 - cosines[at]!, 0))),
  );
  const epochs = umap.initializeFit(rows.map((i) => [i]));
  for (let epoch = 0; epoch < epochs; epoch++) {
    throwIfAborted(signal, "atlas");
    umap.step();
    onShare?.((epoch + 1) / epochs);
  }
  const places = new Float64Array(2 * count);
  for (const [i, [x = 0, y = 0]] of umap.getEmbedding().entries()) places.set([x, y], 2 * i);
  return places;
}

/** Places moved and scaled, both axes alike, so that they fill the square of side 1 in one direction and are in its middle. */
export function inUnitSquare(places: Float64Array): Float64Array {
  const [left, right] = endsOf(places, 0);
  const [top, bottom] = endsOf(places, 1);
  const side = Math.max(right - left, bottom - top);
  const scale = side > 0 ? 1 / side : 0;
  const middle = [(left + right) / 2, (top + bottom) / 2] as const;
  return places.map((value, i) => 0.5 + scale * (value - middle[i % 2]!));
}

/** The least and the largest number along an axis, 0 or 1. */
function endsOf(places: Float64Array, axis: number): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = axis; i < places.length; i += 2) {
    least = Math.min(least, places[i]!);
    most = Math.max(most, places[i]!);
  }
  return [least, most];
}
