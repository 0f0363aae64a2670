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

/** Of a file that is no model. */
export function notOnnx(
  got: string,
  advice: string | Message = "check that the download is complete",
): LimpidError {
  return badFile(`the file must be an ONNX model, got ${got}`, advice);
}
