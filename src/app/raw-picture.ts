/** @file Pictures as files without a codec: a header and the pixels, for platforms that have no other. */
import { LimpidError } from "../errors.ts";
import { picture, type Picture } from "../image/picture.ts";

const magic = "limpid-raw";

/** The pictures one after the other behind a line of text that tells their number, size and channels. */
export function encodeRaw(frames: readonly Picture[]): Uint8Array {
  const { widthPx = 0, heightPx = 0, channels = 3 } = frames[0] ?? {};
  const header = `${magic} ${frames.length} ${widthPx} ${heightPx} ${channels}\n`;
  const size = frames.reduce((sum, { data }) => sum + data.length, header.length);
  const file = new Uint8Array(size);
  file.set(new TextEncoder().encode(header));
  let at = header.length;
  for (const { data } of frames) {
    file.set(data, at);
    at += data.length;
  }
  return file;
}

/** The first picture of `encodeRaw`'s. Throws `bad-file`. */
export function decodeRaw(bytes: Uint8Array, name: string): Picture {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 80));
  const found = /^limpid-raw \d+ (\d+) (\d+) ([134])\n/.exec(start);
  const [header = "", width, height, channels] = found ?? [];
  const size = Number(width) * Number(height) * Number(channels);
  if (!found || header.length + size > bytes.length) {
    throw new LimpidError("bad-file", `read: "${name}" must be a whole raw picture, got another.`);
  }
  const data = new Uint8Array(bytes.subarray(header.length, header.length + size));
  return picture(Number(width), Number(height), Number(channels) as 1 | 3 | 4, data);
}
