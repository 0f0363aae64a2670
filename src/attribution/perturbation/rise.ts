/** @file RISE. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import type { OptionTable } from "../../wording/option.ts";
import { optionValues } from "../../wording/read-option.ts";
import { hiddenPicture } from "../gradient/baseline.ts";
import type { Heatmap } from "../heatmap.ts";
import { methodOptions, type MethodInfo } from "../method.ts";
import { baselineOption, pixelMaps, type PerturbationOptions } from "./perturbation.ts";
import { chanceName, perturbedScores } from "./scored-rows.ts";
import { planarInputs, takes } from "../takes.ts";

export interface RiseOptions extends PerturbationOptions {
  /** Masks; 4000 by default, as the paper for VGG16. */
  readonly samples?: number;
  /** Cells on a side of a mask; 7 by default. */
  readonly cells?: number;
  /** Probability that a cell stays visible; 0.5 by default. */
  readonly keep?: number;
  /** 0 by default. */
  readonly seed?: number;
}

/** The options of methods that show a picture through random masks. */
export const riseOptions = {
  samples: { ...methodOptions.samples, default: 4000, description: "masks" },
  cells: { ...methodOptions.cells, default: 7, description: "cells on a side of a mask" },
  keep: { ...methodOptions.keep, default: 0.5 },
  baseline: {
    ...baselineOption,
    default: "zero",
    description: "what hidden pixels show; zero as in the paper",
  },
  seed: { ...methodOptions.seed, default: 0, description: "the masks" },
} as const satisfies OptionTable;

export const riseInfo: MethodInfo = {
  takes: takes("pixels", { inputs: [...planarInputs, "signal"], several: "each" }),
  title: "RISE",
  description: "mean probability of the class among random masks that show a pixel",
  paper: "Petsiuk et al. 2018, arXiv 1806.07421",
  formula: "sum_i p_c(x * M_i) M_i / sum_i M_i",
  departures:
    "The paper divides by N keep, which the sum of the masks is on average; by the sum itself a number is a mean of probabilities, and never above all of them.",
  options: riseOptions,
  gradient: "none",
};

/**
 * RISE of every picture of `input` [N, C, H, W] (Petsiuk et al. 2018, arXiv 1806.07421, equation 5 and section 3.2):
 * random cells, enlarged bilinearly by one cell more than the picture and shifted, blend the picture with the
 * baseline; each mask counts with the probability that the class still has, or the score where it has none. All pictures see the same masks. Each map
 * is [H, W], an estimate whose noise falls with the square root of `samples`. Throws `bad-option`.
 */
export async function rise(model: Model, input: Tensor, options: RiseOptions): Promise<Heatmap[]> {
  const [, , height, width] = input.dims as [number, number, number, number];
  const { samples: count, cells, keep, seed, baseline } = optionValues(riseOptions, options);
  const mask = riseMasks(height, width, { cells, keep, seed });
  const places = height * width;
  const kind = { method: "rise", unit: `mean ${chanceName(model)} when visible` };
  return pixelMaps(model, input, options, kind, async ({ data, dims, row, onProgress }) => {
    const hidden = hiddenPicture(data, dims, baseline, model.parts);
    const scores = await perturbedScores(model, {
      signal: options.signal,
      onProgress,
      dims,
      count,
      target: row.target,
      of: "probability",
      write: (index, into) => {
        const visible = mask(index);
        for (let i = 0; i < into.length; i++) {
          into[i] = hidden[i]! + (data[i]! - hidden[i]!) * visible[i % places]!;
        }
      },
    });
    const [sums, seen] = [new Float64Array(places), new Float64Array(places)];
    for (let index = 0; index < count; index++) {
      const visible = mask(index);
      for (let p = 0; p < places; p++) {
        sums[p]! += scores[index]! * visible[p]!;
        seen[p]! += visible[p]!;
      }
    }
    return Float32Array.from(sums, (sum, p) => (seen[p]! > 0 ? sum / seen[p]! : 0));
  });
}

export interface RiseMaskOptions {
  readonly cells: number;
  readonly keep: number;
  readonly seed: number;
}

/** The mask [H, W] of each index, from 0 (hidden) to 1; its mean over all masks is `keep` at every pixel. */
export function riseMasks(
  height: number,
  width: number,
  { cells, keep, seed }: RiseMaskOptions,
): (index: number) => Float32Array {
  const [down, across] = [height, width].map((side) => Math.ceil(side / cells)) as [number, number];
  return (index) => {
    const random = randomStream("rise", seed, index);
    const grid = Float32Array.from({ length: cells ** 2 }, () => (random.uniform() < keep ? 1 : 0));
    const rows = taps(height, cells, down, random.below(down));
    const columns = taps(width, cells, across, random.below(across));
    const line = new Float32Array(cells);
    const mask = new Float32Array(height * width);
    for (const [y, [top, bottom, lower]] of rows.entries()) {
      for (let c = 0; c < cells; c++) {
        line[c] = grid[top * cells + c]! * (1 - lower) + grid[bottom * cells + c]! * lower;
      }
      for (let x = 0; x < width; x++) {
        const [left, right, farther] = columns[x]!;
        mask[y * width + x] = line[left]! * (1 - farther) + line[right]! * farther;
      }
    }
    return mask;
  };
}

/** Each pixel's two cells and the share of the second, where `cells` are enlarged to `(cells + 1) * cellPx` pixels. */
function taps(
  side: number,
  cells: number,
  cellPx: number,
  shift: number,
): readonly (readonly [number, number, number])[] {
  const scale = cells / ((cells + 1) * cellPx);
  return Array.from({ length: side }, (_, pixel) => {
    const position = Math.min(Math.max((pixel + shift + 0.5) * scale - 0.5, 0), cells - 1);
    const first = Math.floor(position);
    return [first, Math.min(first + 1, cells - 1), position - first];
  });
}
