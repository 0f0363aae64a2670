/** @file What the numbers of a run tell of a detector's outputs where its file does not. */
import type { Message } from "../../wording/face.ts";

/** What was seen; nothing where the numbers fit what is assumed. */
export interface SeenNumbers {
  /** Whether boxes are shares of the input's sides; "open" where the numbers fit both units. */
  readonly unit?: "shares" | "pixels" | "open";
  /** How many numbers from the first score on are probabilities in every prediction, where not all are. */
  readonly scores?: number;
  /** Whether of a list of boxes the class stands before the score. */
  readonly isClassFirst?: boolean;
  /** Why the outputs are no boxes. */
  readonly refuted?: Message;
}

/** Probabilities that were rounded may lie so far beyond 0 and 1. */
const rounding = 0.01;

/** Whether a number can be a probability. */
export function isProbability(number: number): boolean {
  return number >= -rounding && number <= 1 + rounding;
}
