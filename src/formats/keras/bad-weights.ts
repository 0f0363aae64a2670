/** @file The errors of weights that do not fit together. */
import { LimpidError } from "../../errors.ts";

/** `weights: <what must hold, got value>. <what to do>.` */
export function badWeights(
  what: string,
  advice = "save the model with all its weights",
): LimpidError {
  return new LimpidError("bad-file", `weights: ${what}. ${advice}.`);
}
