/** @file LIME. */
import { LimpidError } from "../../errors.ts";
import { limeOptions } from "./infos.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { option, say } from "../../wording/face.ts";
import { optionValues } from "../../wording/read-option.ts";
import { coalitionScores } from "./coalitions.ts";
import type { Heatmap } from "../heatmap.ts";
import { leastSquares, tooFew } from "./least-squares.ts";
import { pixelMaps, type PerturbationOptions } from "./perturbation.ts";
import { chanceName } from "./scored-rows.ts";
import {
  paint,
  piecesOf,
  namedPieces,
  labelledPieces,
  type PieceChoice,
  type Pieces,
} from "./pieces.ts";

export interface LimeOptions extends PerturbationOptions {
  /** `superpixels` (default), `grid`, or the piece of each pixel, [H, W]. */
  readonly pieces?: PieceChoice;
  /** About so many pieces; 50 by default, or one a pixel of smaller pictures. */
  readonly segments?: number;
  /** Pictures that are tried; 1000 by default. */
  readonly samples?: number;
  /** 0 by default. */
  readonly seed?: number;
}

/** Of the kernel, and of the ridge, as the authors' code has them for pictures. */
const kernelWidth = 0.25;
const ridge = 1;

/**
 * LIME of every picture of `input` [N, C, H, W] (Ribeiro et al. 2016, arXiv 1602.04938, equation 2 and algorithm 1):
 * pieces are hidden at random, each with probability one half, and the class's probability is fitted by a
 * linear model with an intercept, in which pictures count more the fewer pieces are hidden. Each map is [H, W] with
 * its piece's coefficient at every pixel, signed. Throws `bad-option`.
 */
export async function lime(model: Model, input: Tensor, options: LimeOptions): Promise<Heatmap[]> {
  const { samples, seed, baseline, ...values } = optionValues(limeOptions, namedPieces(options));
  const kind = { method: "lime", unit: `${chanceName(model)} per piece` };
  return pixelMaps(model, input, options, kind, async (picture) => {
    const choice = labelledPieces(options) ?? values.pieces;
    const pieces = piecesOf(picture.data, picture.dims, choice, values.segments);
    const visible = limeSamples(pieces, samples, seed);
    const { signal } = options;
    const request = { pieces, visible, baseline, of: "probability", signal } as const;
    const scores = settled(await coalitionScores(model, picture, request));
    return { data: paint(pieces, limeFit(visible, pieces.count, scores)) };
  });
}

/** Scores that differ by no more than float32 rounds are one and the same, of which a fit would make places. */
const rounding = 1e-6;

/** How far each score is from the first one, of all pieces; nothing at all where that is rounding alone. */
function settled(scores: Float64Array): Float64Array {
  const largest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  const changes = scores.map((score) => score - scores[0]!);
  const isRounding = changes.every((change) => Math.abs(change) <= rounding * largest);
  return isRounding ? changes.fill(0) : changes;
}

/** Which pieces are visible, [samples, pieces.count]; in the first sample all of them. */
function limeSamples({ count }: Pieces, samples: number, seed: number): Uint8Array {
  const random = randomStream("lime", seed);
  const visible = Uint8Array.from({ length: samples * count }, (_, i) =>
    i < count || random.uniform() < 0.5 ? 1 : 0,
  );
  const isHidden = new Uint8Array(count);
  for (const [i, bit] of visible.entries()) if (bit === 0) isHidden[i % count] = 1;
  const never = isHidden.filter((bit) => bit === 0).length;
  if (never > 0) {
    throw new LimpidError(
      "bad-option",
      say`samples: each of the ${count} pieces must be hidden at least once, got ${samples} that never hide ${never}. raise ${option("samples")} or lower ${option("segments")}.`,
    );
  }
  return visible;
}

/** One coefficient a piece; the intercept, which no ridge shrinks, is left out. */
function limeFit(visible: Uint8Array, count: number, scores: Float64Array): Float64Array {
  const features = count + 1;
  const rows = new Float64Array(scores.length * features);
  const weights = new Float64Array(scores.length);
  for (const [n] of scores.entries()) {
    const own = visible.subarray(n * count, (n + 1) * count);
    rows.set(own, n * features);
    rows[n * features + count] = 1;
    const share = own.reduce((sum, bit) => sum + bit, 0) / count;
    weights[n] = Math.exp(-((1 - Math.sqrt(share)) ** 2) / kernelWidth ** 2);
  }
  const problem = { rows, features, targets: scores, weights };
  const shrunk = { ...problem, ridge: (feature: number) => (feature < count ? ridge : 0) };
  const fitted = leastSquares(shrunk) ?? tooFew(features);
  return fitted.subarray(0, count);
}
