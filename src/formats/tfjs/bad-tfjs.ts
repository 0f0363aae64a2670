/** @file The error of a TensorFlow.js model that is none. */
import { LimpidError } from "../../errors.ts";

/** `tfjs: <what must hold, got value>. <what to do>.` */
export function badTfjs(what: string, advice = "export the model again"): LimpidError {
  return new LimpidError("bad-file", `tfjs: ${what}. ${advice}.`);
}
