/** @file What a file is that was given as an ONNX model and is none. */
import type { LimpidError } from "../../errors.ts";
import { fileKindOf } from "../file-kind.ts";
import { notOnnx } from "./bad-file.ts";
import type { NotOnnx } from "./parse.ts";

/** The error as it is, or with the kind that the first bytes of the file tell. */
export function withKind(error: NotOnnx, bytes: Uint8Array): LimpidError {
  const kind = fileKindOf(bytes);
  return kind ? notOnnx(kind.name, kind.advice) : error;
}
