/** @file RISE. */
import { LimpidError } from "../../errors.ts";
import { dRiseOptions, mostTries, riseOptions } from "./infos.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import type { OptionValues } from "../../wording/option.ts";
import { optionValues } from "../../wording/read-option.ts";
import { hiddenPicture } from "../gradient/baseline.ts";
import type { Heatmap } from "../heatmap.ts";
import { requireOnePrecision } from "./estimate-error.ts";
import { maskedMap } from "./masked-map.ts";
import { pixelMaps, type PerturbationOptions } from "./perturbation.ts";
import { RandomMasks } from "./random-masks.ts";
import { chanceName, perturbedScores } from "./scored-rows.ts";

export interface RiseOptions extends PerturbationOptions {
  /** Exactly so many masks, summed as in the paper; as many as the error needs by default. */
  readonly samples?: number;
  /** The standard error at which drawing ends, as a share of the map's spread; 0.2 by default. */
  readonly error?: number;
  /** Cells on a side of a mask; 7 by default. */
  readonly cells?: number;
  /** Probability that a cell stays visible; 0.5 by default. */
  readonly keep?: number;
  /** 0 by default. */
  readonly seed?: number;
}

/**
 * RISE of every picture of `input` [N, C, H, W] (Petsiuk et al. 2018, arXiv 1806.07421, equation 5 and section 3.2):
 * random cells, enlarged bilinearly by one cell more than the picture and shifted, blend the picture with the
 * baseline; each mask counts with the probability that the class still has, or the score where it has none. All pictures see the same
 * masks. Each map is [H, W], an estimate: `figures.evaluations` says how many masks it took and `figures.error` how far it may be
 * off, as `spreadError` has it. Of a given number of `samples` it is the paper's sum; otherwise `maskedMap`'s, and one whose error is
 * still too large after 4000 masks warns of it. Throws `bad-option`, also for both an error and a number.
 */
export async function rise(model: Model, input: Tensor, options: RiseOptions): Promise<Heatmap[]> {
  const [, , height, width] = input.dims as [number, number, number, number];
  const values = optionValues(riseOptions, options);
  requireOnePrecision(options);
  const masks = drawnMasks(height, width, values);
  const kind = { method: "rise", unit: `mean ${chanceName(model)} when visible` };
  return pixelMaps(model, input, options, kind, async ({ data, dims, row, onProgress }) => {
    const hidden = hiddenPicture(data, dims, values.baseline, model.parts);
    const visible = new Float32Array(height * width);
    const scores = (first: number, count: number, told: (share: number) => void) =>
      perturbedScores(model, {
        signal: options.signal,
        onProgress: told,
        dims,
        count,
        target: row.target,
        of: "probability",
        write: (index, into) => blend({ data, hidden }, masks.whole(first + index, visible), into),
      });
    const request = { masks, precision: values, most: mostTries.rise, scores, onProgress };
    const map = await maskedMap(request);
    return { ...map, data: Float32Array.from(map.values) };
  });
}

/**
 * The masks of a method's options: complements in turn where their number is open, which halves what they leave to chance. Throws
 * `bad-option` for more cells than pixels.
 */
export function drawnMasks(
  height: number,
  width: number,
  {
    samples,
    cells,
    keep,
    seed,
  }: Pick<OptionValues<typeof riseOptions>, "samples" | "cells" | "keep" | "seed">,
): RandomMasks {
  // Under another share the complement of a mask is no mask that could be drawn.
  const inPairs = samples === undefined && keep === 0.5;
  const most = Math.max(height, width, dRiseOptions.cells.default);
  if (cells > most) {
    throw new LimpidError(
      "bad-option",
      `cells: there must be at most as many on a side as the picture has pixels (${most}), got ${cells}. choose fewer.`,
    );
  }
  return new RandomMasks(height, width, { cells, keep, seed, inPairs });
}

/** Writes a picture [C, H, W] as far as a mask [H, W] shows it, and what hides it elsewhere, into `into`. */
export function blend(
  { data, hidden }: { readonly data: Float32Array; readonly hidden: Float32Array },
  visible: Float32Array,
  into: Float32Array,
): void {
  const places = visible.length;
  for (let at = 0; at < into.length; at += places) {
    for (let p = 0; p < places; p++) {
      into[at + p] = hidden[at + p]! + (data[at + p]! - hidden[at + p]!) * visible[p]!;
    }
  }
}
