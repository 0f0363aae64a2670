/** @file The errors of a Keras model that cannot be opened. */
import { LimpidError } from "../../errors.ts";

/** `keras: <what must hold, got value>. <what to do>.` */
export function badModel(what: string, advice = "save the model again"): LimpidError {
  return new LimpidError("bad-file", `keras: ${what}. ${advice}.`);
}

/** The error of one layer, by its name and class. */
export function badLayer(
  { name, className }: { readonly name: string; readonly className: string },
  what: string,
  advice?: string,
): LimpidError {
  return badModel(`layer "${name}" (${className}): ${what}`, advice);
}
