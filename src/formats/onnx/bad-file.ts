/** @file The error of a model file that is none. */
import { LimpidError } from "../../errors.ts";
import { say, type Message } from "../../wording/face.ts";

/** `decodeOnnx: <what must hold, got value>. <what to do>.` */
export function badFile(
  what: string,
  advice: string | Message = "export the model again",
): LimpidError {
  return new LimpidError("bad-file", say`decodeOnnx: ${what}. ${advice}.`);
}
