/** @file What a file is that was given as an ONNX model and is none. */
import { fileKindOf } from "../file-kind.ts";
import { notOnnx } from "./bad-file.ts";
import { NotOnnx } from "./parse.ts";

/** The error as it is, or with the kind that the first bytes of the file tell. */
export function withKind(error: unknown, bytes: Uint8Array): unknown {
  const kind = error instanceof NotOnnx ? fileKindOf(bytes) : undefined;
  return kind ? notOnnx(kind.name, kind.advice) : error;
}
