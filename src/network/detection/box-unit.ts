/** @file The unit of a layout's boxes: the one that is assumed, unless numbers of a run speak for the other. */
import type { BoxNumbers } from "./detection.ts";
import type { SeenNumbers } from "./seen-numbers.ts";

/** A unit as boxes have it, and in words. */
export interface BoxUnit {
  readonly unit: Pick<BoxNumbers, "areShares">;
  /** "in pixels" */
  readonly words: string;
}

/** The unit of boxes of which nothing but the layout's usual one is told. */
export function boxUnit({ unit: seen }: SeenNumbers, usual: "pixels" | "shares"): BoxUnit {
  const areShares = (seen === undefined || seen === "open" ? usual : seen) === "shares";
  return {
    unit: { areShares },
    words: areShares ? "as shares of the picture's sides" : "in pixels",
  };
}
