/** @file What is left of a score while an input is hidden cell by cell, from what a map ranks first and from the other end. */
import type { StopSignal } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { hiddenPicture, type Baseline } from "../gradient/baseline.ts";
import { perturbedScores } from "../perturbation/scored-rows.ts";
import type { Cells } from "./hidden-cells.ts";

/** Of one order of cells. */
export interface HidingCurves {
  /** The share of cells that are hidden at each step, from 0 to 1. */
  readonly shares: readonly number[];
  /** The score at each step, with the first of the order hidden first. */
  readonly mostFirst: readonly number[];
  /** The same with the last of the order hidden first. */
  readonly leastFirst: readonly number[];
  /** Area under `mostFirst`, by trapezoids: the mean score on the way. */
  readonly deletion: number;
  /**
   * Area under `leastFirst`, which is also that of showing the first of the order first on an input that is all hidden: the
   * pictures are the same, met from the other end.
   */
  readonly insertion: number;
  /**
   * Symmetric relevance gain (Bluecher et al. 2024, arXiv 2401.06654), `insertion` less `deletion`: the mean over the steps
   * of what hiding the last first leaves more of the score than hiding the first first. 0 on average for orders drawn at random.
   */
  readonly srg: number;
}

export interface HidingRequest {
  readonly model: Model;
  /** [1, C, H, W]. */
  readonly picture: Tensor;
  /** The class whose score is watched. */
  readonly target: number;
  readonly cells: Cells;
  /** What hidden cells show. */
  readonly fill: Baseline;
  readonly signal?: StopSignal;
  /** Told of the share that is done, from 0 to 1. */
  onProgress?(share: number): void;
}

/** Steps of a curve, where there are as many cells: an odd number has no middle that would have to be rounded to one side. */
const usualSteps = 17;

/** How many cells are hidden at each step: none, as even as can be, all; the same counted from the other end. */
export function hiddenCounts(cells: number): readonly number[] {
  const steps = Math.min(cells, usualSteps);
  const even = (step: number) => Math.round((step * cells) / steps);
  return Array.from({ length: steps + 1 }, (_, step) =>
    2 * step < steps ? even(step) : cells - even(steps - step),
  );
}

/** The curves of each of some orders of all cells. Throws `aborted` between batches, and as `hiddenPicture`. */
export async function hidingCurves(
  request: HidingRequest,
  orders: readonly (readonly number[])[],
): Promise<readonly HidingCurves[]> {
  const { cells } = request;
  const counts = hiddenCounts(cells.count);
  const inner = counts.slice(1, -1);
  const all = [...Array(cells.count).keys()];
  const sets = orders.flatMap((order) => [
    ...inner.map((count) => order.slice(0, count)),
    ...inner.map((count) => order.slice(cells.count - count)),
  ]);
  const [shown, hidden, ...scores] = await scoresHiding(request, [[], all, ...sets]);
  return orders.map((_, i) => {
    const from = 2 * i * inner.length;
    const curve = (start: number) => [
      shown!,
      ...scores.slice(start, start + inner.length),
      hidden!,
    ];
    return curvesOf(counts, curve(from), curve(from + inner.length));
  });
}

/** Both curves of an order with their areas. */
export function curvesOf(
  counts: readonly number[],
  mostFirst: readonly number[],
  leastFirst: readonly number[],
): HidingCurves {
  const shares = counts.map((count) => count / counts.at(-1)!);
  const [deletion, insertion] = [areaUnder(shares, mostFirst), areaUnder(shares, leastFirst)];
  return { shares, mostFirst, leastFirst, deletion, insertion, srg: insertion - deletion };
}

function areaUnder(shares: readonly number[], values: readonly number[]): number {
  return shares.slice(1).reduce((area, share, i) => {
    return area + ((values[i]! + values[i + 1]!) / 2) * (share - shares[i]!);
  }, 0);
}

/** The score with each of some sets of cells hidden. */
async function scoresHiding(
  { model, picture, target, cells, fill, signal, onProgress }: HidingRequest,
  sets: readonly (readonly number[])[],
): Promise<readonly number[]> {
  const dims = picture.dims.slice(1);
  const shown = picture.data as Float32Array;
  const hidden = hiddenPicture(shown, dims, fill, [cells.part]);
  const scores = await perturbedScores(model, {
    dims,
    count: sets.length,
    target,
    signal,
    ...(onProgress ? { onProgress } : {}),
    write: (index, into) => {
      into.set(shown);
      hide(into, hidden, dims, cells, new Set(sets[index]));
    },
  });
  return [...scores];
}

/** Writes what is hidden over cells of a picture [C, H, W]. */
function hide(
  into: Float32Array,
  hidden: Float32Array,
  [, height, width]: readonly number[],
  { labels, place: { firstChannel, channels, columns } }: Cells,
  set: ReadonlySet<number>,
): void {
  for (const [at, cell] of labels.entries()) {
    if (!set.has(cell)) continue;
    const pixel = Math.floor(at / columns) * width! + (at % columns);
    for (let c = firstChannel; c < firstChannel + channels; c++) {
      const to = c * height! * width! + pixel;
      into[to] = hidden[to]!;
    }
  }
}
