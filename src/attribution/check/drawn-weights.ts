/** @file Whether a map changes when the network knows nothing: the same method with all weights drawn anew. */
import { rankCorrelation } from "../../statistics.ts";
import type { Model } from "../../network/model.ts";
import { score } from "../../scores/number-behind.ts";
import { extremes, type Heatmap } from "../heatmap.ts";
import { redrawn, weightCount, weightedLayers, type WeightedLayer } from "./redrawn-weights.ts";

/** A map beside that of the network with drawn weights. */
export interface DrawnWeights {
  /** Layers whose weights were drawn anew, of those that have some. */
  readonly layers: number;
  /** Spearman's rank correlation of the cells' numbers, -1 to 1; null where one map is the same everywhere. */
  readonly likeness: number | null;
  /**
   * How much more even the map of drawn weights is: (H' - H) / H of the entropies of both maps' histograms (eMPRT, Hedstroem et
   * al. 2024, arXiv 2401.06465); null where the map has no entropy.
   */
  readonly entropyGain: number | null;
}

/** More weights are not kept a second time beside the network. */
const mostWeights = 50_000_000;

/** The network that a map is of with all weights drawn anew; a sentence where there is none. */
export function drawnModel(
  model: Model,
): { readonly model: Model; readonly layers: number } | string {
  let found: readonly WeightedLayer[] = [];
  let reason: string | undefined;
  const changed = model.changed((graph) => {
    found = weightedLayers(graph).filter(({ layer }) => layer !== score);
    const count = weightCount(graph, found);
    if (found.length === 0) reason = "no weights of floats stand in its file";
    if (count > mostWeights)
      reason = `its ${Math.round(count / 1e6)} million weights are too many to keep twice`;
    return reason === undefined ? redrawn(graph, found, 1) : graph;
  });
  return reason ?? { model: changed, layers: found.length };
}

/** How alike two maps of the same places are, given their numbers cell by cell. */
export function compareDrawn(
  [map, drawn]: readonly [Heatmap, Heatmap],
  [cells, drawnCells]: readonly [ArrayLike<number>, ArrayLike<number>],
  layers: number,
): DrawnWeights {
  const likeness = rankCorrelation(Array.from(cells), Array.from(drawnCells));
  const [own, other] = [histogramEntropy(map.data), histogramEntropy(drawn.data)];
  const gain = (other - own) / own;
  return { layers, likeness: finiteOr(likeness), entropyGain: finiteOr(gain) };
}

function finiteOr(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Entropy in nats of the shares of numbers in equal bins from the smallest to the largest. */
export function histogramEntropy(data: Float32Array, bins = 100): number {
  const { min, max } = extremes(data);
  const counts = new Float64Array(bins);
  for (const value of data) {
    const bin = Math.floor(((value - min) / (max - min)) * bins);
    counts[Math.min(Math.max(bin, 0), bins - 1) || 0]! += 1;
  }
  return counts.reduce((sum, count) => {
    const share = count / data.length;
    return share > 0 ? sum - share * Math.log(share) : sum;
  }, 0);
}
