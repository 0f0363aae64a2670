/** @file What a set of pictures makes of a layer: zeros, dead channels, mean and spread, summed up picture by picture. */
import { meanInterval, type MeanInterval } from "../statistics.ts";
import { effectiveChannels, type LayerSizes, type PictureSummary } from "./picture-summary.ts";

/** Sums so far: one entry a channel, but for the last two, which have one a picture (NaN: not seen). */
export interface SetStatisticsState {
  /** Of the means and mean squares of pictures. */
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** Places that are 0, of all pictures. */
  readonly zeros: Float64Array;
  /** Pictures in which the channel is 0 everywhere. */
  readonly silent: Int32Array;
  readonly zeroShares: Float64Array;
  readonly effective: Float64Array;
}

/** A layer over a set. */
export interface LayerSetStatistics {
  readonly pictures: number;
  /** Share of numbers that are 0, 0..1: mean over pictures with its 95 % interval. */
  readonly zeroShare: MeanInterval;
  /** Channels that are 0 everywhere in every picture. */
  readonly deadChannels: readonly number[];
  /** Mean over pictures of the number of channels that are 0 everywhere in one. */
  readonly silentChannels: number;
  /** Mean over pictures of the number of channels that carry the activity. */
  readonly effectiveChannels: number;
  /** Of all numbers of all pictures; the spread is their standard deviation. */
  readonly mean: number;
  readonly spread: number;
}

/** Sums up a layer over pictures; takes 28 bytes a channel and 16 a picture. */
export class SetStatistics {
  readonly sizes: LayerSizes;
  readonly state: SetStatisticsState;

  /** `pictures` is how many there are at most; `state` goes on from an earlier one. */
  constructor(sizes: LayerSizes, pictures: number, state?: SetStatisticsState) {
    this.sizes = sizes;
    this.state = state ?? {
      sums: new Float64Array(sizes.channels),
      squares: new Float64Array(sizes.channels),
      zeros: new Float64Array(sizes.channels),
      silent: new Int32Array(sizes.channels),
      zeroShares: new Float64Array(pictures).fill(Number.NaN),
      effective: new Float64Array(pictures).fill(Number.NaN),
    };
  }

  /** Takes in what a picture makes of the layer, once a picture. */
  add(picture: number, summary: PictureSummary): void {
    const { sums, squares, silent, zeroShares, effective } = this.state;
    const { channels, height, width } = this.sizes;
    let zeros = 0;
    for (let c = 0; c < channels; c++) {
      sums[c]! += summary.means[c]!;
      squares[c]! += summary.squares[c]!;
      zeros += summary.zeros[c]!;
      this.state.zeros[c]! += summary.zeros[c]!;
      if (summary.zeros[c] === height * width) silent[c]! += 1;
    }
    zeroShares[picture] = zeros / (channels * height * width);
    effective[picture] = effectiveChannels(summary);
  }

  /**
   * Takes in the sums of other pictures, which are numbered from `first` on here. Sums are rounded, so that parts that are
   * taken in in one order always give the same bytes.
   */
  absorb({ state }: SetStatistics, first: number): void {
    for (const part of ["sums", "squares", "zeros", "silent"] as const) {
      const own = this.state[part];
      for (let c = 0; c < own.length; c++) own[c]! += state[part][c]!;
    }
    this.state.zeroShares.set(state.zeroShares, first);
    this.state.effective.set(state.effective, first);
  }

  /** The numbers of all pictures so far. */
  result(): LayerSetStatistics {
    const { sums, squares, silent, zeroShares, effective } = this.state;
    const seen = zeroShares.filter((share) => !Number.isNaN(share));
    const count = seen.length * this.sizes.channels;
    const mean = total(sums) / count;
    return {
      pictures: seen.length,
      zeroShare: meanInterval(seen, [0, 1]),
      deadChannels: [...silent.keys()].filter((c) => silent[c] === seen.length),
      silentChannels: total(silent) / seen.length,
      effectiveChannels: total(effective.filter((count) => !Number.isNaN(count))) / seen.length,
      mean,
      spread: Math.sqrt(Math.max(total(squares) / count - mean * mean, 0)),
    };
  }
}

function total(values: Float64Array | Int32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
