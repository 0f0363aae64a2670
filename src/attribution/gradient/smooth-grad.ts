/** @file SmoothGrad, plain and squared, and VarGrad: gradients of noisy copies of the picture. */
import { noisyOptions } from "./infos.ts";
import { elementCount, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { optionValues } from "../../wording/read-option.ts";
import { extremes, type Heatmap } from "../heatmap.ts";
import { gradientUnit, pixelMap, type PixelGradientOptions } from "./pixel-gradients.ts";
import { sampledGradients } from "./sampled-gradients.ts";
import { scoreRows } from "../perturbation/scored-rows.ts";

export interface SmoothGradOptions extends PixelGradientOptions {
  /** Noisy copies of each picture; 50 by default. */
  readonly samples?: number;
  /** Standard deviation of the noise as a share of the picture's own range; 0.15 by default. */
  readonly noise?: number;
  /** 0 by default. */
  readonly seed?: number;
}

type Moment = "mean" | "square" | "variance";

/**
 * The mean gradient of noisy copies of every picture of `input` [N, C, H, W] (Smilkov et al. 2017, equation
 * in section 2). The class is that of the picture without noise. Each map is [C, H, W], signed. Throws
 * `bad-option` for a number of samples or a noise that is not positive.
 */
export function smoothGrad(
  model: Model,
  input: Tensor,
  request: SmoothGradOptions,
): Promise<Heatmap[]> {
  return noisyMaps(model, input, request, "smooth-grad", "mean");
}

/** As `smoothGrad`, the mean of the gradients' squares (Hooker et al. 2018, section 2). */
export function smoothGradSquared(
  model: Model,
  input: Tensor,
  request: SmoothGradOptions,
): Promise<Heatmap[]> {
  return noisyMaps(model, input, request, "smooth-grad-squared", "square");
}

/** As `smoothGrad`, the gradients' variance (Adebayo et al. 2018, appendix). */
export function varGrad(
  model: Model,
  input: Tensor,
  request: SmoothGradOptions,
): Promise<Heatmap[]> {
  return noisyMaps(model, input, request, "var-grad", "variance");
}

async function noisyMaps(
  model: Model,
  input: Tensor,
  request: SmoothGradOptions,
  method: string,
  moment: Moment,
): Promise<Heatmap[]> {
  const { targets, signal } = request;
  const { samples: count, noise, seed } = optionValues(noisyOptions, request);
  const rows = await scoreRows(model, input, { targets, ...(signal ? { signal } : {}) });
  const dims = input.dims.slice(1);
  const size = elementCount(dims);
  const unit = gradientUnit(model);
  const kind = { method, unit: moment === "mean" ? unit : `(${unit})^2` };
  const maps: Heatmap[] = [];
  for (const [n, row] of rows.entries()) {
    const picture = (input.data as Float32Array).subarray(n * size, (n + 1) * size);
    const { min, max } = extremes(picture);
    const deviation = noise * (max - min);
    const moments = new RunningMoments(size);
    await sampledGradients(model, {
      dims,
      count,
      target: row.target,
      signal,
      write: (index, into) => {
        randomStream("smooth-grad", seed, n, index).normals(into);
        for (let i = 0; i < size; i++) into[i] = picture[i]! + deviation * into[i]!;
      },
      take: (_, gradient) => moments.add(gradient),
    });
    maps.push(pixelMap(model, { ...row, dims: [dims] }, moments[moment](), kind));
  }
  return maps;
}

/** Moments of many maps, of which none is kept (Welford 1962). */
class RunningMoments {
  readonly #means: Float64Array;
  /** Sums of squared distances from the mean. */
  readonly #spreads: Float64Array;
  #count = 0;

  constructor(size: number) {
    this.#means = new Float64Array(size);
    this.#spreads = new Float64Array(size);
  }

  add(values: Float32Array): void {
    this.#count += 1;
    const [means, spreads, share] = [this.#means, this.#spreads, 1 / this.#count];
    for (let i = 0; i < values.length; i++) {
      const before = values[i]! - means[i]!;
      means[i]! += before * share;
      spreads[i]! += before * (values[i]! - means[i]!);
    }
  }

  mean(): Float32Array {
    return Float32Array.from(this.#means);
  }

  variance(): Float32Array {
    return Float32Array.from(this.#spreads, (spread) => spread / this.#count);
  }

  square(): Float32Array {
    return Float32Array.from(
      this.#spreads,
      (spread, i) => spread / this.#count + this.#means[i]! ** 2,
    );
  }
}
