/** @file The error of a model file that is none. */
import { LimpidError } from "../../errors.ts";

/** `decodeOnnx: <what must hold, got value>. <what to do>.` */
export function badFile(what: string, advice = "export the model again"): LimpidError {
  return new LimpidError("bad-file", `decodeOnnx: ${what}. ${advice}.`);
}
