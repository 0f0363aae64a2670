/** @file Occlusion. */
import { occlusionOptions } from "./infos.ts";
import { LimpidError } from "../../errors.ts";
import { placeOf } from "../../graph/part-place.ts";
import { elementCount, type Tensor } from "../../graph/tensor.ts";
import { largest, smallest } from "../../statistics.ts";
import type { Model } from "../../network/model.ts";
import { optionValues } from "../../wording/read-option.ts";
import { hiddenPicture } from "../gradient/baseline.ts";
import type { Heatmap } from "../heatmap.ts";
import { pixelMaps, type PerturbationOptions, type SeenPicture } from "./perturbation.ts";
import { perturbedScores } from "./scored-rows.ts";

export interface OcclusionOptions extends PerturbationOptions {
  /** Side of the square that is hidden, in pixels; an eighth of the shorter side by default, of volumes a quarter of each. */
  readonly window?: number;
  /** From one square to the next, in pixels; half the window by default. */
  readonly stride?: number;
}

/** Along each side of an input how long it is, what is hidden of it, and how far it is to the next. */
interface Windows {
  readonly sides: readonly number[];
  readonly window: readonly number[];
  readonly stride: readonly number[];
}

/**
 * Occlusion of every picture of `input` [N, C, H, W] (Zeiler and Fergus 2013, section 4.2): the loss of the score when a square is
 * hidden, of a signal a segment, of a volume a cube, the mean over all squares that hide a pixel. Squares start at multiples of the
 * stride; the last ones are cut off at the border, so that every pixel is hidden. Each map is [H, W], signed. Throws `bad-option` for
 * a window larger than a side, or a stride larger than the window, which would leave pixels out.
 */
export async function occlusion(
  model: Model,
  input: Tensor,
  options: OcclusionOptions,
): Promise<Heatmap[]> {
  const { baseline, ...asked } = optionValues(occlusionOptions, options);
  const windows = windowsOf(sidesOf(model, input.dims), asked);
  const kind = { method: "occlusion", unit: `${model.scoreName} lost` };
  return pixelMaps(model, input, options, kind, async (picture) => ({
    data: await occlusionMap(model, picture, windows, { ...options, baseline }),
  }));
}

/** The sides of the only input; of several the rows and columns that they share. */
function sidesOf({ parts }: Model, dims: readonly number[]): readonly number[] {
  return parts.length === 1 ? placeOf(parts[0]!, dims).sides : dims.slice(2);
}

function windowsOf(
  sides: readonly number[],
  asked: { readonly window: number | undefined; readonly stride: number | undefined },
): Windows {
  const shorter = smallest(sides);
  const usual = sides.map((side) => Math.ceil(sides.length > 2 ? side / 4 : shorter / 8));
  const window = asked.window === undefined ? usual : sides.map(() => asked.window!);
  const half = window.map((side) => Math.ceil(side / 2));
  const stride = asked.stride === undefined ? half : sides.map(() => asked.stride!);
  const fits = window.every((side, i) => side <= sides[i]! && stride[i]! <= side);
  if (fits) return { sides, window, stride };
  const side = sides.length === 2 ? "picture's shorter side" : "input's shortest side";
  throw new LimpidError(
    "bad-option",
    `occlusion: the stride must be at most the window and that at most the ${side} ${shorter}, got window ${largest(window)} and stride ${largest(stride)}. choose smaller ones.`,
  );
}

/** Shows all pixels of a window to `visit`; a window is a number from 0 on, the last side first. */
function eachPixel(
  { sides, window, stride }: Windows,
  index: number,
  visit: (pixel: number) => void,
): void {
  const counts = countsOf({ sides, window, stride });
  let rest = index;
  const ranges = sides
    .map((_, i) => sides.length - 1 - i)
    .map((axis) => {
      const from = (rest % counts[axis]!) * stride[axis]!;
      rest = Math.floor(rest / counts[axis]!);
      return [from, Math.min(from + window[axis]!, sides[axis]!)] as const;
    })
    .toReversed();
  const walk = (axis: number, base: number): void => {
    const [from, to] = ranges[axis]!;
    for (let at = from; at < to; at++) {
      const place = base * sides[axis]! + at;
      if (axis === sides.length - 1) visit(place);
      else walk(axis + 1, place);
    }
  };
  walk(0, 0);
}

/** How many windows there are along each side. */
function countsOf({ sides, window, stride }: Windows): readonly number[] {
  return sides.map((side, i) => Math.ceil((side - window[i]!) / stride[i]!) + 1);
}

async function occlusionMap(
  model: Model,
  { data, dims, row, onProgress }: SeenPicture,
  windows: Windows,
  options: OcclusionOptions & Required<Pick<OcclusionOptions, "baseline">>,
): Promise<Float32Array> {
  const [channels, height, width] = dims;
  const places = height * width;
  const hidden = hiddenPicture(data, dims, options.baseline, model.parts);
  const count = elementCount(countsOf(windows));
  const scores = await perturbedScores(model, {
    signal: options.signal,
    onProgress,
    dims,
    count,
    target: row.target,
    write: (index, into) => {
      into.set(data);
      eachPixel(windows, index, (pixel) => {
        for (let c = 0; c < channels; c++) {
          const at = c * places + pixel;
          into[at] = hidden[at]!;
        }
      });
    },
  });
  const lost = new Float64Array(places);
  const covered = new Float64Array(places);
  for (let index = 0; index < count; index++) {
    eachPixel(windows, index, (pixel) => {
      lost[pixel]! += row.score - scores[index]!;
      covered[pixel]! += 1;
    });
  }
  return Float32Array.from(lost, (value, pixel) => value / covered[pixel]!);
}
