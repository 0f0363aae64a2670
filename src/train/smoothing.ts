/** @file Label smoothing, checked. */
import { LimpidError } from "../errors.ts";
import type { LossOptions } from "./losses.ts";

/** The share of the target that is given evenly over all classes. Throws `bad-option` outside of 0 to below 1. */
export function smoothingOf(where: string, { labelSmoothing = 0 }: LossOptions): number {
  if (labelSmoothing >= 0 && labelSmoothing < 1) return labelSmoothing;
  throw new LimpidError(
    "bad-option",
    `${where}: labelSmoothing must be at least 0 and below 1, got ${labelSmoothing}.`,
  );
}
