/** @file The error of a TensorFlow Lite model that is none. */
import { LimpidError } from "../../errors.ts";

/** `tflite: <what must hold, got value>. <what to do>.` */
export function badTflite(what: string, advice = "export the model again"): LimpidError {
  return new LimpidError("bad-file", `tflite: ${what}. ${advice}.`);
}
