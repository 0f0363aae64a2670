/** @file Weights that are texts: each has its length in bytes before it, so only they tell where they end. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import { elementCount } from "../../graph/tensor.ts";
import { badTfjs } from "./bad-tfjs.ts";
import type { WeightEntry } from "./manifest.ts";
import type { Shards } from "./shards.ts";

const lengthBytes = 4;

/** Groups with texts are small: vocabularies of preparation, not weights. */
const mostBytes = 2 ** 26;

/** Bytes of each weight of a group, those of texts by what stands there. Throws `bad-file`. */
export async function stringsIn(
  weights: readonly WeightEntry[],
  sizes: readonly (number | undefined)[],
  shards: Shards,
): Promise<readonly number[]> {
  if (shards.size > mostBytes) {
    throw badTfjs(
      `weights that are texts must lie in files of at most ${mostBytes} bytes, got ${shards.size}`,
    );
  }
  const bytes = await shards.read(0, shards.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  return weights.map(({ name, dims }, i) => {
    const length = sizes[i] ?? endOfTexts(view, start, elementCount(dims)) - start;
    if (!(start + length <= shards.size)) {
      throw badTfjs(`weight "${name}" must end within its files, got their end before`);
    }
    start += length;
    return length;
  });
}

/** Behind the last of `count` texts; infinity if there are fewer. */
function endOfTexts(view: DataView, start: number, count: number): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + lengthBytes > view.byteLength) return Number.POSITIVE_INFINITY;
    at += lengthBytes + view.getUint32(at, true);
  }
  return at;
}

/** The texts of one weight's bytes. */
export function textsOf(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const start = at + lengthBytes;
    at = start + view.getUint32(at, true);
    texts.push(getTextEncoding().decodeUtf8(bytes.subarray(start, at)));
  }
  return texts;
}
