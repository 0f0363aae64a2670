/** @file Expected gradients: Integrated Gradients averaged over many baselines, one random step of each path. */
import { gradientShapOptions } from "./infos.ts";
import { elementCount, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { optionValues } from "../../wording/read-option.ts";
import { hiddenPicture, isWhole, type Baseline } from "./baseline.ts";
import { extremes, type Heatmap } from "../heatmap.ts";
import { pixelMap, type PixelGradientOptions } from "./pixel-gradients.ts";
import { sampledGradients } from "./sampled-gradients.ts";
import { perturbedScores, scoreRows } from "../perturbation/scored-rows.ts";

export interface GradientShapOptions extends PixelGradientOptions {
  /** What the baselines lie around; the picture's mean colour by default. */
  readonly baseline?: Baseline;
  /** Baselines, 64 by default. */
  readonly samples?: number;
  /** Standard deviation of the baselines, as a share of the picture's range; 0.15 by default, 0 around a whole picture. */
  readonly noise?: number;
  readonly seed?: number;
}

const usualNoise = 0.15;

/**
 * Expected gradients of every picture of `input` [N, C, H, W] (Erion et al. 2021, equation 2). Places on the paths are
 * spread evenly over 0..1 (one in each of `samples` equal parts). `figures.delta` is the sum of the map less
 * y(x) - mean y(x'_i), which shrinks with more samples. Each map is [C, H, W], signed. Throws `bad-option` for
 * samples or noise that are not positive.
 */
export async function gradientShap(
  model: Model,
  input: Tensor,
  options: GradientShapOptions,
): Promise<Heatmap[]> {
  const { targets, signal } = options;
  const { samples: count, seed, ...values } = optionValues(gradientShapOptions, options);
  const noise = values.noise ?? (isWhole(values.baseline) ? 0 : usualNoise);
  const rows = await scoreRows(model, input, { targets, ...(signal ? { signal } : {}) });
  const dims = input.dims.slice(1);
  const size = elementCount(dims);
  const kind = { method: "gradient-shap", unit: model.scoreName };
  const maps: Heatmap[] = [];
  for (const [n, row] of rows.entries()) {
    const picture = (input.data as Float32Array).subarray(n * size, (n + 1) * size);
    const middle = hiddenPicture(picture, dims, values.baseline, model.parts);
    const { min, max } = extremes(picture);
    const deviation = noise * (max - min);
    const baselineOf = (index: number, into: Float32Array) => {
      randomStream("gradient-shap", seed, n, index).normals(into);
      for (let i = 0; i < size; i++) into[i] = middle[i]! + deviation * into[i]!;
    };
    const request = { dims, count, target: row.target, signal };
    const sum = await summedSteps(model, request, { picture, seed, n, baselineOf });
    const starts = await perturbedScores(model, { ...request, write: baselineOf });
    const rise = row.score - starts.reduce((total, score) => total + score, 0) / count;
    const data = Float32Array.from(sum, (value) => value / count);
    const delta = data.reduce((total, value) => total + value, 0) - rise;
    const map = pixelMap(model, { ...row, dims: [dims] }, data, kind);
    maps.push({ ...map, figures: { samples: count, delta } });
  }
  return maps;
}

interface Paths {
  readonly picture: Float32Array;
  readonly seed: number;
  /** Number of the picture. */
  readonly n: number;
  baselineOf(index: number, into: Float32Array): void;
}

/** The sum over samples of distance times gradient, [C, H, W]. */
async function summedSteps(
  model: Model,
  request: Pick<Parameters<typeof sampledGradients>[1], "dims" | "count" | "target" | "signal">,
  { picture, seed, n, baselineOf }: Paths,
): Promise<Float64Array> {
  const sum = new Float64Array(picture.length);
  const places = randomStream("gradient-shap", seed, n, "places");
  const shares = Array.from(
    { length: request.count },
    (_, i) => (i + places.uniform()) / request.count,
  );
  const baseline = new Float32Array(picture.length);
  await sampledGradients(model, {
    ...request,
    write: (index, into) => {
      baselineOf(index, into);
      const share = shares[index]!;
      for (let i = 0; i < into.length; i++) into[i]! += share * (picture[i]! - into[i]!);
    },
    take: (index, gradient) => {
      baselineOf(index, baseline);
      for (let i = 0; i < sum.length; i++) sum[i]! += (picture[i]! - baseline[i]!) * gradient[i]!;
    },
  });
  return sum;
}
