/** @file What a file is by its first bytes, whatever its name says. */

/** Picture formats that are read. */
export type PictureFormat = "JPEG" | "PNG" | "WebP" | "GIF" | "TIFF" | "AVIF" | "BMP";

/** First bytes as hexadecimal text; a dot stands for any digit. */
const pictures: Readonly<Record<PictureFormat, RegExp>> = {
  JPEG: /^ffd8ff/,
  PNG: /^89504e470d0a1a0a/,
  WebP: /^52494646.{8}57454250/,
  GIF: /^474946383[79]61/,
  TIFF: /^(49492a00|4d4d002a|49492b00|4d4d002b)/,
  AVIF: /^.{8}6674797061766966/,
  BMP: /^424d/,
};

const others: Readonly<Record<string, RegExp>> = {
  "a zip archive": /^504b0304/,
  "a gzip archive": /^1f8b/,
  "an HDF5 file": /^894844460d0a1a0a/,
  "a NumPy array": /^934e554d5059/,
  "a PDF document": /^25504446/,
  "a HEIC picture": /^.{8}66747970(686569|6d6966)/,
};

const shownLetters = 24;

function startOf(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The picture format that the first bytes announce. */
export function pictureFormatOf(bytes: Uint8Array): PictureFormat | undefined {
  const start = startOf(bytes);
  return (Object.keys(pictures) as PictureFormat[]).find((name) => pictures[name].test(start));
}

/** What bytes look like, for messages: "an empty file", "a PNG picture", 'text that starts with "..."'. */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  const picture = pictureFormatOf(bytes);
  if (picture) return `${picture === "AVIF" ? "an" : "a"} ${picture} picture`;
  const start = startOf(bytes);
  const other = Object.keys(others).find((name) => others[name]!.test(start));
  if (other !== undefined) return other;
  const text = textAtStart(bytes);
  return text === undefined
    ? `${bytes.length} bytes of another kind`
    : `text that starts with "${text}"`;
}

/** The first letters if the file reads as UTF-8 text. */
function textAtStart(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder().decode(bytes.subarray(0, 256), { stream: true });
  // oxlint-disable-next-line eslint/no-control-regex
  if (/[\0-\x08\x0e-\x1f\x7f\ufffd]/.test(head)) return undefined;
  return head.replaceAll(/\s+/g, " ").trim().slice(0, shownLetters);
}
