/** @file What is said of how far to believe a map. */

/** The score while places are hidden in the map's order, with one filling. */
export interface TrustCurves {
  readonly fill: "mean" | "blur";
  /** How much more is left, on average, when the map's last places are hidden first. */
  readonly srg: number;
  /** The same of an order from the middle outwards. */
  readonly middleSrg: number | null;
  /** Shares that are hidden, from 0 to 1, and the scores then. */
  readonly shares: readonly number[];
  readonly mostFirst: readonly number[];
  readonly leastFirst: readonly number[];
}

/** Numbers about a map. */
export interface TrustFound {
  readonly scoreName: string;
  readonly curves: readonly TrustCurves[];
  /** Whether hiding the map's first places first costs more, less, or either by the filling. */
  readonly verdict: "more" | "less" | "split";
  /** Whether an order that knows nothing of the picture gains more with every filling. */
  readonly isBelowMiddle: boolean;
  /** The share of cells whose order is drawn, where that is worth a sentence. */
  readonly ties: number | undefined;
  readonly areSlopes: boolean;
  readonly drawn:
    | {
        readonly verdict: "alike" | "reversed" | "other" | "same";
        readonly likeness: number | null;
      }
    | { readonly reason: string };
  /** What the sum is off by, as a share, of methods that promise one. */
  readonly completenessGap: number | undefined;
}

/** Numbers about a map, or why it cannot be judged. */
export type ShownTrust = TrustFound | { readonly refused: string };
