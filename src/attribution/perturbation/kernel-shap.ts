/** @file KernelSHAP. */
import { mostTries, kernelShapOptions } from "./infos.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { optionValues } from "../../wording/read-option.ts";
import { coalitionScores } from "./coalitions.ts";
import type { Heatmap } from "../heatmap.ts";
import { leastSquares, tooFew } from "./least-squares.ts";
import {
  errorGroups,
  estimateFigures,
  fewestTries,
  imprecise,
  requireOnePrecision,
  shareDone,
  spreadError,
  type Precision,
} from "./estimate-error.ts";
import {
  pixelMaps,
  type PerturbationOptions,
  type PixelMap,
  type SeenPicture,
} from "./perturbation.ts";
import {
  paint,
  piecesOf,
  namedPieces,
  labelledPieces,
  type PieceChoice,
  type Pieces,
} from "./pieces.ts";

export interface KernelShapOptions extends PerturbationOptions {
  /** `superpixels` (default), `grid`, or the piece of each pixel, [H, W]. */
  readonly pieces?: PieceChoice;
  /** About so many pieces; 50 by default, or one a pixel of smaller pictures. */
  readonly segments?: number;
  /** Exactly so many pictures that are tried; as many as the error needs by default. */
  readonly samples?: number;
  /** The standard error at which trying ends, as a share of the map's spread; 0.2 by default. */
  readonly error?: number;
  /** 0 by default. */
  readonly seed?: number;
}

/**
 * KernelSHAP of every picture of `input` [N, C, H, W] (Lundberg and Lee 2017, arXiv 1705.07874, theorem 2):
 * Shapley values of pieces of the picture. With at most log2(samples) pieces all coalitions are tried and the values are
 * exact; otherwise coalitions are drawn by the Shapley kernel in pairs with their complements. Each map is [H, W]
 * with its piece's value at every pixel, signed; the values of all pieces sum to the score minus that of the
 * hidden picture. Without a number of `samples`, pairs are drawn until the error is small enough, 2048 pictures at most, of which a
 * map whose error is still too large warns; `figures.evaluations` says how many it took and `figures.error` how far the map may be
 * off, as `spreadError` has it. Throws `bad-option`, also for both an error and a number, and if there are too few samples to tell the pieces apart.
 */
export async function kernelShap(
  model: Model,
  input: Tensor,
  options: KernelShapOptions,
): Promise<Heatmap[]> {
  const values = optionValues(kernelShapOptions, namedPieces(options));
  requireOnePrecision(options);
  const kind = { method: "kernel-shap", unit: `${model.scoreName} per piece` };
  return pixelMaps(model, input, options, kind, async (picture) => {
    const choice = labelledPieces(options) ?? values.pieces;
    const pieces = piecesOf(picture.data, picture.dims, choice, values.segments);
    const most = values.samples ?? mostTries.kernelShap;
    const isExact = 2 ** pieces.count <= most;
    const coalitions = isExact
      ? allCoalitions(pieces.count)
      : drawnCoalitions(pieces.count, most, values.seed);
    const { baseline } = values;
    const scores = (visible: Uint8Array, onProgress: (share: number) => void) =>
      coalitionScores(
        model,
        { ...picture, onProgress },
        { pieces, visible, baseline, of: "score", signal: options.signal },
      );
    const game = { pieces, coalitions, picture, scores };
    if (!isExact) return drawnShapley(game, values);
    const all = await scores(coalitions.visible, picture.onProgress);
    const data = paint(pieces, shapleyFit(coalitions, pieces.count, all, picture)!);
    return { data, figures: estimateFigures(all.length, 0) };
  });
}

/** Coalitions of a picture's pieces, and how their scores are had. */
interface Game {
  readonly pieces: Pieces;
  readonly coalitions: Coalitions;
  readonly picture: SeenPicture;
  scores(visible: Uint8Array, onProgress: (share: number) => void): Promise<Float64Array>;
}

/** Coalitions between two looks at the error. */
const roundOfCoalitions = 128;

/** Values of drawn coalitions: of all, where their number is asked for, or of as many as the error needs. */
async function drawnShapley(game: Game, precision: Precision): Promise<PixelMap> {
  const { pieces, coalitions, picture } = game;
  const scores =
    precision.samples === undefined
      ? await scoresUntil(game, precision.error)
      : await game.scores(coalitions.visible, picture.onProgress);
  const error = shapleyError(game, scores);
  const values = shapleyFit(coalitions, pieces.count, scores, picture);
  return {
    data: paint(pieces, values ?? tooFew(pieces.count - 1)),
    figures: estimateFigures(scores.length, error),
    warnings: imprecise(error, precision),
  };
}

/** Scores of the first coalitions, as many as it takes until the error is small enough. */
async function scoresUntil(game: Game, wanted: number): Promise<Float64Array> {
  const { pieces, coalitions, picture } = game;
  const most = coalitions.weights.length;
  const scores = new Float64Array(most);
  let [tried, done, error] = [0, 0, Number.NaN];
  while (tried < most && !(error <= wanted)) {
    const next = Math.min(tried + roundOfCoalitions, most);
    const rows = coalitions.visible.subarray(tried * pieces.count, next * pieces.count);
    scores.set(await game.scores(rows, () => {}), tried);
    tried = next;
    if (tried >= fewestTries) error = shapleyError(game, scores.subarray(0, tried));
    done = Math.max(done, shareDone(tried, error, wanted, most));
    picture.onProgress(done);
  }
  return scores.subarray(0, tried);
}

/** The error of the values of the first coalitions, which have scores; NaN where there are too few to tell. */
function shapleyError(game: Game, scores: Float64Array): number {
  const { pieces, coalitions, picture } = game;
  const without = (group?: number) => {
    const weights = coalitions.weights
      .slice(0, scores.length)
      // A coalition and its complement are one try.
      .map((weight, i) => (((i - 1) >> 1) % errorGroups === group ? 0 : weight));
    const used = { visible: coalitions.visible, weights };
    return shapleyFit(used, pieces.count, scores, picture);
  };
  const groups = Array.from({ length: errorGroups }, (_, group) => without(group));
  const [whole, known] = [without(), groups.filter((values) => values !== undefined)];
  if (!whole || known.length < errorGroups) return Number.NaN;
  const areas = new Float64Array(pieces.count);
  for (const label of pieces.labels) areas[label]! += 1;
  return spreadError(whole, known, areas);
}

/** Coalitions [count, pieces] of visible pieces, the empty one first, with their weights [count]. */
interface Coalitions {
  readonly visible: Uint8Array;
  readonly weights: Float64Array;
}

/** Every coalition but the whole, weighted by the Shapley kernel; the empty one is held exactly instead. */
function allCoalitions(pieces: number): Coalitions {
  const count = Math.max(2 ** pieces - 1, 1);
  const visible = new Uint8Array(count * pieces);
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    let size = 0;
    for (let piece = 0; piece < pieces; piece++) {
      const bit = (index >> piece) & 1;
      visible[index * pieces + piece] = bit;
      size += bit;
    }
    if (size > 0) weights[index] = (pieces - 1) / (choose(pieces, size) * size * (pieces - size));
  }
  return { visible, weights };
}

function choose(total: number, size: number): number {
  let ways = 1;
  for (let k = 1; k <= size; k++) ways = (ways * (total - size + k)) / k;
  return ways;
}

/** Sizes are drawn by what the kernel gives all coalitions of a size together, so that each drawn one weighs the same. */
function drawnCoalitions(pieces: number, samples: number, seed: number): Coalitions {
  const random = randomStream("kernel-shap", seed);
  const shares = Array.from({ length: pieces - 1 }, (_, i) => 1 / ((i + 1) * (pieces - i - 1)));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const visible = new Uint8Array(samples * pieces);
  const weights = new Float64Array(samples).fill(1);
  weights[0] = 0;
  for (let index = 1; index < samples; index += 2) {
    const own = visible.subarray(index * pieces, (index + 1) * pieces);
    let left = random.uniform() * total;
    const size = shares.findIndex((share) => (left -= share) < 0) + 1 || pieces - 1;
    const order = Array.from({ length: pieces }, (_, piece) => piece);
    for (let i = 0; i < size; i++) {
      const other = i + random.below(pieces - i);
      [order[i], order[other]] = [order[other]!, order[i]!];
      own[order[i]!] = 1;
    }
    if (index + 1 < samples)
      visible.set(
        own.map((bit) => 1 - bit),
        (index + 1) * pieces,
      );
  }
  return { visible, weights };
}

/** Values whose sum is held by taking the last piece's from those of the others; undefined of too few coalitions. */
function shapleyFit(
  { visible, weights }: Coalitions,
  pieces: number,
  scores: Float64Array,
  { row }: SeenPicture,
): Float64Array | undefined {
  const empty = scores[0]!;
  const gain = row.score - empty;
  const features = pieces - 1;
  if (features === 0) return Float64Array.of(gain);
  const rows = new Float64Array(scores.length * features);
  const targets = new Float64Array(scores.length);
  for (const [n, score] of scores.entries()) {
    const own = visible.subarray(n * pieces, (n + 1) * pieces);
    const last = own[features]!;
    targets[n] = score - empty - last * gain;
    for (let piece = 0; piece < features; piece++) {
      rows[n * features + piece] = own[piece]! - last;
    }
  }
  const used = weights.subarray(0, scores.length);
  const values = leastSquares({ rows, features, targets, weights: used });
  if (!values) return undefined;
  const rest = gain - values.reduce((sum, value) => sum + value, 0);
  return Float64Array.from([...values, rest]);
}
