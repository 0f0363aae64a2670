/** @file The mean score among the random masks that show a pixel, of as many masks as its error needs. */
import { option, say } from "../../wording/face.ts";
import { formatShare } from "../../wording/numbers.ts";
import type { MapWarning } from "../heatmap.ts";
import {
  errorGroups,
  estimateFigures,
  fewestTries,
  imprecise,
  shareDone,
  spreadError,
  type EstimateFigures,
  type Precision,
} from "./estimate-error.ts";
import { MaskSums, type Fit } from "./mask-sums.ts";
import type { RandomMasks } from "./random-masks.ts";

/** Masks between two looks at the error. */
const roundOfMasks = 80;

export interface MaskedMapRequest {
  readonly masks: RandomMasks;
  readonly precision: Precision;
  /** Masks at most. */
  readonly most: number;
  /** The scores under `count` masks from number `first` on; tells the share of them that is done. */
  scores(
    first: number,
    count: number,
    onProgress: (share: number) => void,
  ): Promise<ArrayLike<number>>;
  onProgress(share: number): void;
}

export interface MaskedMap {
  /** Mean score among the masks by how much they show each pixel, [H * W]. */
  readonly values: Float64Array;
  /** Mean score of all masks. */
  readonly mean: number;
  readonly figures: EstimateFigures;
  readonly warnings: readonly MapWarning[];
}

/**
 * Of a number of masks that is given, sum_i s_i M_i / sum_i M_i as it stands; where no mask shows a place, of which nothing is
 * known then, the mean score of all, with a warning and without an error. Otherwise masks are drawn until the error is small
 * enough: the same expectation, from a linear fit of the scores whose covariance with the masks is known, plus what the fit leaves
 * (`MaskSums`).
 */
export async function maskedMap(request: MaskedMapRequest): Promise<MaskedMap> {
  const { masks, precision, onProgress } = request;
  const form = precision.samples === undefined ? "fitted" : "plain";
  const sums = new MaskSums(masks);
  const scores: number[] = [];
  const take = async (count: number, progress: (share: number) => void) => {
    const found = await request.scores(scores.length, count, progress);
    for (let i = 0; i < count; i++) {
      sums.add(scores.length, found[i]!);
      scores.push(found[i]!);
    }
  };
  let error = Number.NaN;
  if (precision.samples === undefined) {
    let done = 0;
    const isOpen = () => scores.length < request.most && !(error <= precision.error);
    // A network that answers NaN does so however often it is asked.
    while (isOpen() && scores.every(Number.isFinite)) {
      await take(Math.min(roundOfMasks, request.most - scores.length), () => {});
      if (scores.length >= fewestTries) error = errorOf(sums, form);
      done = Math.max(done, shareDone(scores.length, error, precision.error, request.most));
      onProgress(done);
    }
  } else {
    await take(precision.samples, onProgress);
    if (precision.samples >= 2 * errorGroups) error = errorOf(sums, form);
  }
  const { values, mean, seen } =
    form === "plain" ? plainMap(masks, scores) : fittedMap(masks, sums, scores);
  const unseen = seen.reduce((count, shown) => count + (shown > 0 ? 0 : 1), 0) / seen.length;
  const known = values.map((value, p) => (seen[p]! > 0 ? value : mean));
  if (unseen > 0) {
    const figures = estimateFigures(scores.length, Number.NaN);
    return { values: known, mean, figures, warnings: [neverShown(unseen, scores.length)] };
  }
  const figures = estimateFigures(scores.length, error);
  return { values, mean, figures, warnings: imprecise(error, precision) };
}

function neverShown(unseen: number, count: number): MapWarning {
  return {
    cause: "incomplete",
    message: say`${formatShare(unseen)} of the places are shown by none of the ${count} masks: their numbers are the mean of all scores, and tell nothing. try more ${option("samples")}, or a larger share that stays visible (${option("keep")})`,
  };
}

function errorOf(sums: MaskSums, form: Fit): number {
  const groups = Array.from({ length: errorGroups }, (_, group) => sums.estimate(form, group));
  return spreadError(sums.estimate(form), groups);
}

interface Values extends Pick<MaskedMap, "values" | "mean"> {
  /** How much all masks together show of each place; where it is 0 the value means nothing. */
  readonly seen: Float64Array;
}

function plainMap(masks: RandomMasks, scores: readonly number[]): Values {
  const places = masks.height * masks.width;
  const [sums, seen] = [new Float64Array(places), new Float64Array(places)];
  const visible = new Float32Array(places);
  let total = 0;
  for (const [index, score] of scores.entries()) {
    masks.whole(index, visible);
    total += score;
    for (let p = 0; p < places; p++) {
      sums[p]! += score * visible[p]!;
      seen[p]! += visible[p]!;
    }
  }
  const values = sums.map((sum, p) => sum / seen[p]!);
  return { values, mean: total / scores.length, seen };
}

/** mean + (covariance of the fit with a pixel's mask + that of what the fit leaves) / keep, at every pixel. */
function fittedMap(masks: RandomMasks, sums: MaskSums, scores: readonly number[]): Values {
  const fit = sums.fit();
  const fitted = sums.fittedCovariance(fit);
  const left = scores.map((score, index) => sums.rest(fit, index, score) / scores.length);
  const total = left.reduce((sum, each) => sum + each, 0);
  const rest = masks.weightedSum(left);
  const mean = fit[0]!;
  const values = fitted.map((value, p) => mean + (value + rest[p]!) / masks.keep - total);
  return { values, mean, seen: masks.weightedSum(scores.map(() => 1)) };
}
