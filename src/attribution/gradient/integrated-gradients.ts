/** @file Integrated Gradients, refined where the path bends until the map adds up. */
import { pathOptions } from "./infos.ts";
import { option, say } from "../../wording/face.ts";
import { LimpidError } from "../../errors.ts";
import { elementCount, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { optionValues } from "../../wording/read-option.ts";
import { hiddenPicture, type Baseline } from "./baseline.ts";
import type { Heatmap, MapWarning } from "../heatmap.ts";
import { pixelMap, type PixelGradientOptions } from "./pixel-gradients.ts";
import { sampledGradients } from "./sampled-gradients.ts";
import { perturbedScores, scoreRows } from "../perturbation/scored-rows.ts";
import { formatPlain } from "../../wording/numbers.ts";

export interface IntegratedGradientsOptions extends PixelGradientOptions {
  /** The picture that the path starts at; zero in the network's own numbers by default, as in the paper. */
  readonly baseline?: Baseline;
  /** That many equal steps, without refinement. */
  readonly steps?: number;
  /** How far the sum of the map may be off, as a share of the difference that it explains; 0.01 by default. */
  readonly tolerance?: number;
}

/** Steps that a refined path starts with. */
const firstSteps = 16;
/** Gradients that a path may cost. */
const mostGradients = 1024;

/** A part of the path from `start` to `end`, whose gradient is taken in its middle. */
interface Step {
  readonly start: number;
  readonly end: number;
  /** Score at the start and the end. */
  readonly from: number;
  readonly to: number;
}

/**
 * Integrated Gradients of every picture of `input` [N, C, H, W] (Sundararajan et al. 2017, equation 1), by the
 * midpoint rule. The scores at the ends of each step tell what its gradient should add up to; steps where it
 * does not are halved, until what all of them are off by, whatever its sign, is less than `tolerance` of
 * y(x) - y(x'). `figures` says how many `steps` the map has, how many `gradients` were computed, and `delta`,
 * the sum of the map less y(x) - y(x'). A map whose delta is larger than that warns of it (`incomplete`). Each map is [C, H, W], signed. Throws `bad-option`
 * for both steps and a tolerance, or one that is not positive.
 */
export async function integratedGradients(
  model: Model,
  input: Tensor,
  options: IntegratedGradientsOptions,
): Promise<Heatmap[]> {
  const { targets, signal } = options;
  const { baseline, steps, tolerance } = optionValues(pathOptions, options);
  requireOne(options);
  const rows = await scoreRows(model, input, { targets, ...(signal ? { signal } : {}) });
  const dims = input.dims.slice(1);
  const size = elementCount(dims);
  const kind = { method: "integrated-gradients", unit: model.scoreName };
  const maps: Heatmap[] = [];
  for (const [n, row] of rows.entries()) {
    const picture = (input.data as Float32Array).subarray(n * size, (n + 1) * size);
    const start = hiddenPicture(picture, dims, baseline, model.parts);
    const path = { model, dims, target: row.target, signal, picture, start, score: row.score };
    const found = await integrate(path, steps, tolerance);
    const { data, warnings, ...figures } = found;
    const map = pixelMap(model, { ...row, dims: [dims] }, data, kind);
    maps.push({ ...map, figures, warnings: [...map.warnings, ...warnings] });
  }
  return maps;
}

/** Throws `bad-option` for both. */
function requireOne({ steps, tolerance }: IntegratedGradientsOptions): void {
  if (steps === undefined || tolerance === undefined) return;
  throw new LimpidError(
    "bad-option",
    `tolerance: it must stand alone, got ${tolerance} beside ${steps} steps. leave one of them out.`,
  );
}

interface Path {
  readonly model: Model;
  readonly dims: readonly number[];
  readonly target: number;
  readonly signal: PixelGradientOptions["signal"];
  readonly picture: Float32Array;
  readonly start: Float32Array;
  /** The picture's. */
  readonly score: number;
}

interface Integral {
  readonly data: Float32Array;
  readonly steps: number;
  readonly gradients: number;
  readonly delta: number;
  readonly warnings: readonly MapWarning[];
}

async function integrate(
  path: Path,
  equalSteps: number | undefined,
  tolerance: number,
): Promise<Integral> {
  const count = equalSteps ?? firstSteps;
  const scores = await scoresAlong(path, equalSteps === undefined ? count : 1);
  const rise = path.score - scores[0]!;
  const scale = Math.max(Math.abs(rise), negligible * Math.abs(path.score));
  const mean = new Float64Array(path.picture.length);
  // Equal steps have no scores between the ends, and need none.
  let left: Step[] = Array.from({ length: count }, (_, i) => ({
    start: i / count,
    end: (i + 1) / count,
    from: scores[i] ?? Number.NaN,
    to: scores[i + 1] ?? Number.NaN,
  }));
  let budget = equalSteps === undefined ? tolerance * scale : Number.POSITIVE_INFINITY;
  let [steps, gradients] = [0, 0];
  while (left.length > 0) {
    // Half of what may be off is kept for the halves that follow.
    const allowed = budget / (2 * left.length);
    const halves: Step[] = [];
    await gradientsOf(path, left, count, (step, gradient, score) => {
      const width = step.end - step.start;
      const off = Math.abs(width * rising(path, gradient) - (step.to - step.from));
      const isLast = gradients + left.length + halves.length + 2 > mostGradients;
      if (off > allowed && !isLast) {
        for (const each of halved(step, score)) halves.push(each);
        return;
      }
      steps += 1;
      if (Number.isFinite(budget)) budget = Math.max(budget - off, 0);
      for (let i = 0; i < mean.length; i++) mean[i]! += width * gradient[i]!;
    });
    gradients += left.length;
    left = halves;
  }
  const data = Float32Array.from(mean, (slope, i) => slope * (path.picture[i]! - path.start[i]!));
  const delta = data.reduce((sum, value) => sum + value, 0) - rise;
  return { data, steps, gradients, delta, warnings: incomplete(delta, scale, tolerance) };
}

/** A rise of less than this share of the score is lost in its rounding. */
const negligible = 1e-3;

/** Scores at the starts of equal steps, and at the end of the path. */
async function scoresAlong(path: Path, count: number): Promise<number[]> {
  const { model, dims, target, signal, score } = path;
  const write = (index: number, into: Float32Array) => writePlace(path, index / count, into);
  const scores = await perturbedScores(model, { dims, count, target, signal, write });
  return [...scores, score];
}

function writePlace({ picture, start }: Path, share: number, into: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = start[i]! + share * (picture[i]! - start[i]!);
}

function gradientsOf(
  path: Path,
  steps: readonly Step[],
  most: number,
  take: (step: Step, gradient: Float32Array, score: number) => void,
): Promise<void> {
  const { model, dims, target, signal } = path;
  return sampledGradients(model, {
    dims,
    count: steps.length,
    most,
    target,
    signal,
    write: (index, into) => writePlace(path, (steps[index]!.start + steps[index]!.end) / 2, into),
    take: (index, gradient, score) => take(steps[index]!, gradient, score),
  });
}

/** How fast the score rises along the path by a gradient. */
function rising({ picture, start }: Path, gradient: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += gradient[i]! * (picture[i]! - start[i]!);
  return sum;
}

function halved({ start, end, from, to }: Step, score: number): Step[] {
  const middle = (start + end) / 2;
  return [
    { start, end: middle, from, to: score },
    { start: middle, end, from: score, to },
  ];
}

function incomplete(delta: number, scale: number, tolerance: number): MapWarning[] {
  if (!(Math.abs(delta) > tolerance * scale)) return [];
  const percent = formatPlain((100 * Math.abs(delta)) / scale, 2);
  return [
    {
      cause: "incomplete",
      message: say`the map's sum is off by ${percent} % of what it explains: try more ${option("steps")}, another ${option("baseline")}, or none of both`,
    },
  ];
}
