/** @file The frame of a part: tensors of a kind that says its name, with a checksum that tells whether they are as they were written. */
import { isFailure, LimpidError } from "../../errors.ts";
import { checksumOf, isAsWritten } from "../../formats/checksum.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsFile,
} from "../../formats/safetensors.ts";
import type { Tensor } from "../../graph/tensor.ts";

type Tensors = Readonly<Record<string, Tensor>>;
type Texts = Readonly<Record<string, string | undefined>>;

/** A part's bytes; `texts` lie beside the tensors and are not looked after by the checksum. */
export function encodePart(
  format: string,
  tensors: Tensors,
  texts: Readonly<Record<string, string>> = {},
): Uint8Array {
  return encodeSafetensors(tensors, { format, checksum: checksumOf(tensors), ...texts });
}

/** What a part is to be. */
export interface WantedPart {
  readonly format: string;
  /** Its name. */
  readonly part: string;
  /** What it must hold, in words. */
  readonly holds: string;
}

/** What `read` makes of a part's tensors, undefined where they do not fit. Throws `bad-file` for them, and for bytes that are no such part. */
export function decodePart<T>(
  bytes: Uint8Array,
  { format, part, holds }: WantedPart,
  read: (tensors: Tensors, texts: Texts) => T | undefined,
): T {
  const { tensors, metadata } = safetensorsIn(bytes);
  const isWhole = metadata["format"] === format && isAsWritten(metadata["checksum"], tensors);
  const found = isWhole ? read(tensors, metadata) : undefined;
  if (found !== undefined) return found;
  throw new LimpidError(
    "bad-file",
    `atlas: "${part}" must hold ${holds} as it was written, got something else. remove it to make it again.`,
  );
}

function safetensorsIn(bytes: Uint8Array): Pick<SafetensorsFile, "tensors" | "metadata"> {
  try {
    return decodeSafetensors(bytes);
  } catch (cause) {
    if (isFailure(cause)) return { tensors: {}, metadata: {} };
    throw cause;
  }
}
