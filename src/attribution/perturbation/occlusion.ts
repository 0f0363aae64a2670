/** @file Occlusion. */
import { LimpidError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import type { OptionTable } from "../../wording/option.ts";
import { optionValues } from "../../wording/read-option.ts";
import { hiddenPicture } from "../gradient/baseline.ts";
import type { Heatmap } from "../heatmap.ts";
import { methodOptions, type MethodInfo } from "../method.ts";
import {
  baselineOption,
  pixelMaps,
  type PerturbationOptions,
  type SeenPicture,
} from "./perturbation.ts";
import { perturbedScores } from "./scored-rows.ts";
import { takes } from "../takes.ts";

export interface OcclusionOptions extends PerturbationOptions {
  /** Side of the square that is hidden, in pixels; an eighth of the shorter side by default. */
  readonly window?: number;
  /** From one square to the next, in pixels; half the window by default. */
  readonly stride?: number;
}

const occlusionOptions = {
  window: {
    ...methodOptions.window,
    default: { depends: "an eighth of the picture's shorter side" },
    description: "side of the square",
  },
  stride: {
    ...methodOptions.stride,
    default: { depends: "half the window" },
    description: "from one square to the next",
  },
  baseline: baselineOption,
} as const satisfies OptionTable;

export const occlusionInfo: MethodInfo = {
  takes: takes("pixels"),
  title: "Occlusion",
  description: "how much the class loses when a square is hidden",
  paper: "Zeiler and Fergus 2013, arXiv 1311.2901",
  formula: "mean of y_c(x) - y_c(x without square) over the squares that hide a pixel",
  options: occlusionOptions,
  gradient: "none",
};

/**
 * Occlusion of every picture of `input` [N, C, H, W] (Zeiler and Fergus 2013, section 4.2): the loss of the score when a square is
 * hidden, the mean over all squares that hide a pixel. Squares start at multiples of the stride; the last ones are cut
 * off at the border, so that every pixel is hidden. Each map is [H, W], signed. Throws `bad-option` for a window larger
 * than the picture, or a stride larger than the window, which would leave pixels out.
 */
export async function occlusion(
  model: Model,
  input: Tensor,
  options: OcclusionOptions,
): Promise<Heatmap[]> {
  const [, , height, width] = input.dims as [number, number, number, number];
  const shorter = Math.min(height, width);
  const { baseline, ...sides } = optionValues(occlusionOptions, options);
  const window = sides.window ?? Math.ceil(shorter / 8);
  const stride = sides.stride ?? Math.ceil(window / 2);
  if (window > shorter || stride > window) {
    throw new LimpidError(
      "bad-option",
      `occlusion: the stride must be at most the window and that at most the picture's shorter side ${shorter}, got window ${window} and stride ${stride}. choose smaller ones.`,
    );
  }
  const kind = { method: "occlusion", unit: `${model.scoreName} lost` };
  return pixelMaps(model, input, options, kind, (picture) =>
    occlusionMap(model, picture, { ...options, baseline, window, stride }),
  );
}

async function occlusionMap(
  model: Model,
  { data, dims, row, onProgress }: SeenPicture,
  options: OcclusionOptions & Required<Pick<OcclusionOptions, "baseline" | "window" | "stride">>,
): Promise<Float32Array> {
  const [channels, height, width] = dims;
  const { window, stride } = options;
  const hidden = hiddenPicture(data, dims, options.baseline);
  const [rows, columns] = [height, width].map((side) => Math.ceil((side - window) / stride) + 1);
  const eachPixel = (index: number, visit: (pixel: number) => void) => {
    const top = Math.floor(index / columns!) * stride;
    const left = (index % columns!) * stride;
    for (let y = top; y < Math.min(top + window, height); y++) {
      for (let x = left; x < Math.min(left + window, width); x++) visit(y * width + x);
    }
  };
  const count = rows! * columns!;
  const scores = await perturbedScores(model, {
    signal: options.signal,
    onProgress,
    dims,
    count,
    target: row.target,
    write: (index, into) => {
      into.set(data);
      eachPixel(index, (pixel) => {
        for (let c = 0; c < channels; c++) {
          const at = c * height * width + pixel;
          into[at] = hidden[at]!;
        }
      });
    },
  });
  const lost = new Float64Array(height * width);
  const covered = new Float64Array(height * width);
  for (let index = 0; index < count; index++) {
    eachPixel(index, (pixel) => {
      lost[pixel]! += row.score - scores[index]!;
      covered[pixel]! += 1;
    });
  }
  return Float32Array.from(lost, (value, pixel) => value / covered[pixel]!);
}
