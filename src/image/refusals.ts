/** @file What is said of picture files that cannot be read, whoever decodes them. */
import { LimpidError } from "../errors.ts";
import { alternatives } from "../wording/listed-names.ts";
import { formatCount } from "../wording/numbers.ts";
import type { Picture } from "./picture.ts";
import { describeBytes, pictureFormatOf, type PictureFormat } from "./signature.ts";

/** Larger pictures are refused before they fill the memory; the largest cameras make 200 million pixels. */
const mostPixels = 2 ** 28;

/** A plain picture of so many pixels may be a file of any size; photos with more have fewer a byte than this. */
const plainPixels = 2 ** 25;
const mostPixelsOfByte = 128;

/** The format of a file's bytes. Throws `bad-file`, behind the name, if it is none of `readable`. */
export function requireFormat(
  bytes: Uint8Array,
  name: string,
  readable: readonly PictureFormat[],
): PictureFormat {
  const format = pictureFormatOf(bytes);
  if (format !== undefined && readable.includes(format)) return format;
  const known = alternatives(readable);
  throw new LimpidError(
    "bad-file",
    `read: "${name}" must be a ${known} picture, got ${describeBytes(bytes)}.`,
  );
}

/** Throws `bad-file` for a picture that would not fit the memory, or is far larger than a file of so many bytes should be. */
export function requirePixels(
  name: string,
  { widthPx, heightPx }: Pick<Picture, "widthPx" | "heightPx">,
  bytes: number,
): void {
  const pixels = widthPx * heightPx;
  const believable = Math.max(plainPixels, mostPixelsOfByte * bytes);
  const most = pixels > mostPixels ? mostPixels : believable;
  if (pixels <= most) return;
  const where = most < mostPixels ? ` in a file of ${formatCount(bytes)} bytes` : "";
  throw new LimpidError(
    "bad-file",
    `read: "${name}" must have at most ${Math.round(most / 1e6)} million pixels${where}, got ${widthPx} x ${heightPx}. make it smaller first.`,
  );
}

/** What to say where a decoder failed; a refusal of ours comes back as it is. */
export function decodingError(bytes: Uint8Array, name: string, cause: unknown): LimpidError {
  if (cause instanceof LimpidError && /^(read|range):/.test(cause.message)) return cause;
  return new LimpidError(
    "bad-file",
    `read: "${name}" must be a whole picture, got ${describeBytes(bytes)} that is broken or cut short (${reasonOf(cause)}).`,
    { cause },
  );
}

/** The decoder's own words: its first line, without the names of its parts. */
function reasonOf(cause: unknown): string {
  const [line = ""] = cause instanceof Error ? cause.message.split("\n") : [];
  return line.replace(/^\w+: /, "").replace(/\.$/, "");
}
